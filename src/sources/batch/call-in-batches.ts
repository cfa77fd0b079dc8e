import { canonicalJson } from '../../cache/index.ts';
import { UpstreamFailure } from '../../errors/index.ts';
import type { Outcome } from '../outcome.ts';
import type { Call } from '../source.ts';
import type { BatchDescription } from './batch.ts';
import { inTurns } from './in-turns.ts';
import { keyText } from './key-text.ts';
import { matchItems } from './match-items.ts';
import { setPath } from './set-path.ts';

/** Makes one call with whole arguments; never rejects. */
export type CallOnce = (args: Readonly<Record<string, unknown>>) => Promise<Outcome>;

/**
 * Makes calls that were given together: those with keys as bulk calls, the others as they are, side by side as far as
 * `width` allows. Outcomes come in the order of the calls.
 */
export async function callTogether(
  batch: BatchDescription | undefined,
  calls: readonly Call[],
  width: () => number,
  once: CallOnce,
): Promise<readonly Outcome[]> {
  const [only] = calls;
  if (only !== undefined && calls.length === 1 && only.key === undefined) return [await once(only.arguments)];
  const keyed = calls.filter(({ key }) => key !== undefined);
  if (keyed.length === 0 || batch === undefined) return inTurns(tasksOf(calls, once), width);
  const plain = calls.filter(({ key }) => key === undefined);
  const ofKeyed = callInBatches(batch, keyed, width, once);
  const ofPlain = inTurns(tasksOf(plain, once), width);
  const outcomes = new Map<Call, Outcome>();
  for (const [index, outcome] of (await ofKeyed).entries()) outcomes.set(keyed[index] as Call, outcome);
  for (const [index, outcome] of (await ofPlain).entries()) outcomes.set(plain[index] as Call, outcome);
  return calls.map((call) => outcomes.get(call) as Outcome);
}

function tasksOf(calls: readonly Call[], once: CallOnce): readonly (() => Promise<Outcome>)[] {
  return calls.map((call) => () => once(call.arguments));
}

interface AskedKey {
  readonly key: unknown;
  readonly text: string;
  readonly places: number[];
}

/** Calls that differ in nothing but their keys. */
interface Group {
  readonly arguments: Readonly<Record<string, unknown>>;
  /** By text, in the order they came. */
  readonly keys: Map<string, AskedKey>;
}

/**
 * Makes calls with keys as few calls of the bulk form as `batch.max` allows, each unique key once; outcomes come in the
 * order of the calls. Calls whose other arguments differ are never joined. A missing item is null.
 */
export async function callInBatches(
  batch: BatchDescription,
  calls: readonly Call[],
  width: () => number,
  once: CallOnce,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = new Array(calls.length);
  const path = batch.argument.split('.');
  const chunks = groupsOf(calls).flatMap((group) => {
    const sorted = [...group.keys.values()].sort(compareKeys);
    return chunksOf(sorted, batch.max).map((entries) => ({ entries, arguments: group.arguments }));
  });
  await inTurns(
    chunks.map(({ entries, arguments: args }) => async () => {
      const keys = entries.map(({ key }) => key);
      const whole = await once(setPath(args, path, keys));
      const outcomeOf = taken(batch, keys, whole);
      for (const { key, places } of entries) {
        const outcome = outcomeOf(key);
        for (const place of places) outcomes[place] = outcome;
      }
    }),
    width,
  );
  return outcomes;
}

function groupsOf(calls: readonly Call[]): readonly Group[] {
  const groups = new Map<string, Group>();
  let last: { readonly of: Call['arguments']; readonly text: string } | undefined;
  for (let place = 0; place < calls.length; place++) {
    const call = calls[place] as Call;
    // As a rule they all have the same object.
    if (last?.of !== call.arguments) last = { of: call.arguments, text: canonicalJson(call.arguments) };
    const { text } = last;
    let group = groups.get(text);
    if (group === undefined) {
      group = { arguments: call.arguments, keys: new Map() };
      groups.set(text, group);
    }
    const key = keyText(call.key);
    const known = group.keys.get(key);
    if (known === undefined) group.keys.set(key, { key: call.key, text: key, places: [place] });
    else known.places.push(place);
  }
  return [...groups.values()];
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += size) chunks.push(items.slice(from, from + size));
  return chunks;
}

/** Numbers by size, then everything else by code point: equal sets of keys make equal calls. */
function compareKeys(a: AskedKey, b: AskedKey): number {
  if (typeof a.key === 'number' && typeof b.key === 'number') return a.key - b.key;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

/** The outcome of each key of one call. */
function taken(batch: BatchDescription, keys: readonly unknown[], whole: Outcome): (key: unknown) => Outcome {
  const shared = { batch: { keys: keys.length } };
  if (whole.kind === 'FAILED') {
    const failed: Outcome = { ...whole, ...shared };
    return () => failed;
  }
  const matched = matchItems(batch, keys, whole.value);
  const served = { ...whole, ...shared };
  if (matched.ok) return (key) => ({ ...served, value: matched.of(key) });
  const { durationMs, attempts, cache } = whole;
  const failed: Outcome = {
    kind: 'FAILED',
    failure: unmatched(matched.problem),
    durationMs,
    attempts,
    cache,
    ...shared,
  };
  return () => failed;
}

function unmatched(detail: string): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason: 'http_protocol_error',
    detail,
    retryable: false,
    countsAgainstHealth: false,
  });
}
