import { setTimeout as sleep } from 'node:timers/promises';
import { checkAnswer, checkLeaks, describePromised, describeSeen, seenOf } from './check.ts';
import { BUSY, loadPerCore } from './machine.ts';
import { ROLES, type Scenario } from './scenario.ts';
import { buildStage, type Stage, type Theatre } from './stage.ts';

/** One line of the table. */
export interface Result {
  readonly scenario: Scenario;
  readonly promised: string;
  readonly seen: string;
  /** Longest time of one query, in milliseconds. */
  readonly ms: number;
  readonly broken: readonly string[];
}

/** Calls after which a breaker that should open must be open: five failures in a row, with their retries. */
const CALLS_TO_OPEN = 8;
/** An open breaker costs no time; this leaves room for a busy machine. */
const FAST_MS = 100;
/** Kept connections are closed by the gateway 4 s after their last use. */
const IDLE_SOCKET_MS = 6_000;
const RECOVERY_MS = 30_000;
/** So far away from the numbers of scenarios that source names differ. */
const SECOND_TRY = 1_000;

interface RunningScenario {
  readonly result: Result;
  /** Waits until sockets must be gone and breakers have had their chance, and says what was not as promised. */
  finish(): Promise<string[]>;
}

/** Runs the scenarios one after another; what is only seen later does not hold up the next. */
export async function runTable(
  theatre: Theatre,
  scenarios: readonly Scenario[],
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const ending: Promise<void>[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    const { result, finish } = await startInQuiet(theatre, index, scenario);
    results[index] = result;
    onResult(result);
    ending.push(
      finish().then((broken) => {
        if (broken.length === 0) return;
        results[index] = { ...result, broken: [...result.broken, ...broken] };
        onResult({ ...result, broken });
      }),
    );
  }
  await Promise.all(ending);
  return results;
}

/** Once more, when it went wrong while the machine was busy with other work; the result says so. */
async function startInQuiet(theatre: Theatre, index: number, scenario: Scenario): Promise<RunningScenario> {
  const first = await startScenario(theatre, index, scenario);
  const load = loadPerCore();
  if (first.result.broken.length === 0 || load < BUSY) return first;
  await first.finish();
  const { result, finish } = await startScenario(theatre, index + SECOND_TRY, scenario);
  const why = `an earlier try, with ${load.toFixed(1)} processes a core, was not as promised: ${first.result.broken.join(', ')}`;
  return { result: { ...result, seen: `${result.seen}; ${why}` }, finish };
}

async function startScenario(theatre: Theatre, index: number, scenario: Scenario): Promise<RunningScenario> {
  try {
    return await runScenario(theatre, index, scenario);
  } catch (error: unknown) {
    const broken = [`the stage could not be set: ${error instanceof Error ? error.message : String(error)}`];
    return { result: { scenario, promised: '', seen: '', ms: 0, broken }, finish: async () => [] };
  }
}

async function runScenario(theatre: Theatre, index: number, scenario: Scenario): Promise<RunningScenario> {
  const stage = await buildStage(theatre, index, scenario);
  const broken: string[] = [];
  const seen: string[] = [];
  let ms = 0;
  try {
    await scenario.inject(stage);
    const answer = await stage.ask();
    ms = answer.ms;
    broken.push(...checkAnswer(stage, scenario, answer));
    for (const role of stage.roles) seen.push(`${role}: ${describeSeen(seenOf(stage, role, answer))}`);
    if (scenario.also !== undefined) seen.push(await scenario.also(stage));
    if (scenario.breaker !== undefined) seen.push(await watchBreaker(stage, scenario.breaker));
  } catch (error: unknown) {
    broken.push(error instanceof Error ? error.message : String(error));
  }
  if (!(await theatre.gateway.isAlive())) broken.push(`the gateway ended: ${theatre.gateway.ended}`);
  const promised = ROLES.flatMap((role) => {
    const one = scenario.promised[role];
    return one === undefined ? [] : [`${role}: ${describePromised(one)}`];
  });
  return {
    result: { scenario, promised: promised.join('; '), seen: seen.join('; '), ms, broken },
    finish: () => finish(stage, scenario),
  };
}

/** Calls until the breaker opens, or sees that it does not. */
async function watchBreaker(stage: Stage, wanted: 'opens' | 'stays closed'): Promise<string> {
  for (let call = 1; call <= CALLS_TO_OPEN; call++) {
    const answer = await stage.ask('cold');
    const leaks = checkLeaks(stage, answer.text);
    if (leaks.length > 0) throw new Error(leaks.join(', '));
    const seen = seenOf(stage, 'cold', answer);
    if (seen.reason !== 'circuit_open' || seen.attempts > 0) continue;
    if (wanted === 'stays closed') throw new Error(`the breaker opened after ${call} further calls`);
    if (answer.ms > FAST_MS) throw new Error(`with an open breaker an answer took ${Math.round(answer.ms)} ms`);
    if (seen.retryAfterMs === undefined) throw new Error('an open breaker did not say when to come back');
    return `breaker open, then ${answer.ms.toFixed(0)} ms`;
  }
  if (wanted === 'opens') throw new Error(`the breaker is still closed after ${CALLS_TO_OPEN} further calls`);
  return 'breaker closed';
}

async function finish(stage: Stage, scenario: Scenario): Promise<string[]> {
  const broken: string[] = [];
  try {
    for (const role of [...stage.roles]) if (role !== 'cold') await stage.remove(role);
    await stage.heal();
    await waitUntil(() => stage.openSockets === 0, IDLE_SOCKET_MS);
    if (stage.openSockets > 0) broken.push(`${stage.openSockets} sockets are left over`);
    if (scenario.noRecovery !== true) broken.push(...(await recover(stage)));
    await stage.remove('cold');
  } catch (error: unknown) {
    broken.push(error instanceof Error ? error.message : String(error));
  } finally {
    await stage.close();
  }
  return broken;
}

/** The upstream is well again: so must be its source, at the latest after the longest of the first terms. */
async function recover(stage: Stage): Promise<string[]> {
  let last = '';
  const isBack = async (): Promise<boolean> => {
    const answer = await stage.ask('cold', {}, 'recovered');
    last = describeSeen(seenOf(stage, 'cold', answer));
    return last === 'FRESH';
  };
  if (await waitUntil(isBack, RECOVERY_MS)) return [];
  return [`after the fault, ${RECOVERY_MS / 1000} s later, cold is still ${last}`];
}

async function waitUntil(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  for (;;) {
    if (await holds()) return true;
    if (performance.now() > until) return false;
    await sleep(250);
  }
}
