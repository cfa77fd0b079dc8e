import { THINGS_DOCUMENT } from '../document.ts';
import type { GatewayProcess } from '../gateway.ts';
import type { LoadQuery, LoadRecord } from './messages.ts';
import type { LoadProcesses, LoadUpstream } from './worker.ts';

/** Requests a second of every load. */
export const RATE = 200;

export interface LoadStage {
  readonly gateway: GatewayProcess;
  readonly processes: LoadProcesses;
  /** Durations are multiplied with this: 1, or less for a quick run. */
  readonly scale: number;
}

/** One line of the table of loads. */
export interface LoadResult {
  readonly name: string;
  readonly injected: string;
  readonly promised: string;
  readonly seen: readonly string[];
  readonly broken: readonly string[];
}

export interface LoadPromise {
  readonly name: string;
  readonly injected: string;
  readonly promised: string;
  /** Also part of a quick run. */
  readonly quick?: true;
  run(stage: LoadStage, note: Notes): Promise<void>;
}

/** What a run says: what was seen, and which of it was not as promised. */
export class Notes {
  readonly seen: string[] = [];
  readonly broken: string[] = [];

  see(text: string): void {
    this.seen.push(text);
  }

  expect(holds: boolean, text: string): void {
    this.seen.push(text);
    if (!holds) this.broken.push(text);
  }
}

export const seconds = (stage: LoadStage, full: number, least = 4): number =>
  Math.max(least, Math.round(full * stage.scale));

/** Publishes a source with default policy, and these endpoints in the order of their priority. */
export async function publish(
  stage: LoadStage,
  name: string,
  urls: readonly string[],
  policy: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const endpoints = urls.map((url, priority) => ({ url, priority }));
  const input = { name, visibility: 'PUBLIC', rest: { document: THINGS_DOCUMENT, endpoints }, policy };
  await stage.gateway.admin('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', {
    input,
  });
  await stage.gateway.admin('mutation ($name: ID!) { publishSource(name: $name) { name } }', { name });
}

export const ids = (count: number, prefix = 'k'): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

/** Asks one source, and the sibling beside it. */
export function touching(
  source: string,
  keys: readonly string[],
  headers?: Readonly<Record<string, string>>,
): LoadQuery {
  const query = `query ($id: String!) { ${source} { getThing(id: $id) { id name } } sibling { getThing(id: "s") { id } } }`;
  return { tag: 'touching', query, source, ids: keys, ...(headers === undefined ? {} : { headers }) };
}

/** Asks the sibling alone. */
export function apart(): LoadQuery {
  const query = 'query ($id: String!) { sibling { getThing(id: $id) { id } } }';
  return { tag: 'apart', query, source: 'sibling', ids: ['s'] };
}

export function load(
  stage: LoadStage,
  queries: readonly LoadQuery[],
  durationSeconds: number,
  rate = RATE,
): Promise<readonly LoadRecord[]> {
  const { endpoint } = stage.gateway;
  return stage.processes.load({ endpoint, rate, count: Math.round(rate * durationSeconds), queries });
}

/** Lets the code be compiled before anything is measured. */
export async function warmUp(stage: LoadStage, query: LoadQuery): Promise<void> {
  await load(stage, [query], 2);
}

export async function startUpstreams(stage: LoadStage, count: number): Promise<LoadUpstream[]> {
  return Promise.all(Array.from({ length: count }, () => stage.processes.startUpstream()));
}
