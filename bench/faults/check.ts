import type { Answer } from './gateway.ts';
import {
  DEADLINE_GRACE_MS,
  type OutcomeName,
  POLICY,
  type Promised,
  type Role,
  type Scenario,
  UPSTREAM_SECRET,
} from './scenario.ts';
import { SIBLING, type Stage } from './stage.ts';

/** How one role was served in one answer. */
export interface Seen {
  readonly outcome: OutcomeName | 'nothing';
  readonly code: string | undefined;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly attempts: number;
}

export function seenOf(stage: Stage, role: Role, answer: Answer): Seen {
  const name = stage.source(role);
  const call = (answer.weir?.calls ?? []).find((one: { source: string }) => one.source === name);
  const error = answer.errors.find((one) => one.path?.[0] === name);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return {
    outcome: call?.outcome ?? 'nothing',
    code: text(error?.extensions.code),
    reason: text(error?.extensions.reason),
    retryAfterMs: number(error?.extensions.retryAfterMs),
    attempts: call?.attempts?.length ?? 0,
  };
}

export const describeSeen = ({ outcome, code, reason }: Seen): string =>
  [outcome, code, reason].filter((part) => part !== undefined).join(' ');

export function describePromised({ outcome, code, reason }: Promised): string {
  return [outcome, code, reason]
    .filter((part) => part !== undefined)
    .map((part) => [part].flat().join('/'))
    .join(' ');
}

/** What one query must be, whatever the fault: every sentence that comes back is a broken promise. */
export function checkAnswer(stage: Stage, scenario: Scenario, answer: Answer): string[] {
  const broken: string[] = [];
  if (answer.status !== 200) broken.push(`the status is ${answer.status}: ${answer.text.slice(0, 200)}`);
  for (const role of stage.roles) {
    const promised = scenario.promised[role];
    if (promised !== undefined) broken.push(...checkRole(stage, role, promised, answer));
  }
  if (answer.data?.[SIBLING]?.getThing?.name !== 'primary') broken.push("the sibling's field is not there");
  const deadline = Number(scenario.policy?.deadlineMs ?? POLICY.deadlineMs);
  if (answer.ms > deadline + DEADLINE_GRACE_MS) broken.push(`${Math.round(answer.ms)} ms, after the deadline`);
  broken.push(...checkLeaks(stage, answer.text));
  return broken;
}

function checkRole(stage: Stage, role: Role, promised: Promised, answer: Answer): string[] {
  const seen = seenOf(stage, role, answer);
  const is = (value: string | undefined, wanted: string | readonly string[] | undefined): boolean =>
    wanted === undefined || (value !== undefined && [wanted].flat().includes(value));
  const fails = seen.outcome === 'FAILED';
  const asPromised =
    is(seen.outcome, promised.outcome) &&
    (!fails || (is(seen.code, promised.code) && is(seen.reason, promised.reason)));
  if (!asPromised) return [`${role} is ${describeSeen(seen)}, not ${describePromised(promised)}`];
  const value = answer.data?.[stage.source(role)]?.getThing?.name ?? null;
  const wanted = VALUE_OF[seen.outcome as OutcomeName];
  return wanted === undefined || value === wanted ? [] : [`${role} is ${seen.outcome} with the value ${value}`];
}

/** The `name` of the thing that each outcome must bring; FRESH may be cut by the fault. */
const VALUE_OF: Readonly<Partial<Record<OutcomeName, string | null>>> = {
  BACKUP: 'backup',
  STALE: 'primary',
  FALLBACK: 'declared',
  FAILED: null,
};

/** Hosts, ports and bodies of upstreams stay inside. */
export function checkLeaks(stage: Stage, text: string): string[] {
  const inside = [
    '127.0.0.1',
    '169.254',
    'localhost',
    '.test',
    UPSTREAM_SECRET,
    `:${stage.port}`,
    `:${stage.backup.port}`,
  ];
  if (stage.proxy !== undefined) inside.push(`:${stage.proxy.port}`);
  return inside.filter((one) => text.includes(one)).map((one) => `the answer tells ${one}`);
}
