/** Sends requests at a fixed rate, whether answers come or not, in a process of its own. */
import { Pool } from 'undici';
import type { LoadJob, LoadQuery, LoadRecord } from './messages.ts';

const now = (): number => performance.timeOrigin + performance.now();
const GIVE_UP_MS = 15_000;

interface GraphQLAnswer {
  readonly data?: Readonly<Record<string, { readonly getThing?: { readonly id?: string } | null } | null>> | null;
  readonly errors?: readonly { path?: unknown[]; extensions?: { code?: string; reason?: string } }[];
  readonly extensions?: { readonly weir?: { readonly sources?: readonly { name: string; outcome: string }[] } };
}

async function run(job: LoadJob): Promise<LoadRecord[]> {
  const url = new URL(job.endpoint);
  const pool = new Pool(url.origin, { connections: 1_200, pipelining: 1 });
  const started = now();
  const pending: Promise<LoadRecord>[] = [];
  while (pending.length < job.count) {
    const due = Math.min(job.count, Math.floor(((now() - started) / 1000) * job.rate) + 1);
    while (pending.length < due) {
      const i = pending.length;
      const query = job.queries[i % job.queries.length];
      if (query === undefined) throw new Error('a job needs a query');
      const turn = Math.floor(i / job.queries.length);
      const id = query.ids[turn % query.ids.length] ?? '';
      pending.push(send(pool, url.pathname, query, id, started + (job.rate === Infinity ? 0 : (i / job.rate) * 1000)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const records = await Promise.all(pending);
  await pool.destroy();
  return records;
}

async function send(pool: Pool, path: string, query: LoadQuery, id: string, at: number): Promise<LoadRecord> {
  const record = { tag: query.tag, at, code: undefined, reason: undefined, siblingOk: false };
  try {
    const { body } = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', ...query.headers },
      body: JSON.stringify({ query: query.query, variables: { id } }),
      headersTimeout: GIVE_UP_MS,
      bodyTimeout: GIVE_UP_MS,
    });
    const answer = (await body.json()) as GraphQLAnswer;
    return { ...record, ms: now() - at, ...read(answer, query, id) };
  } catch {
    return { ...record, ms: now() - at, outcome: 'NONE' };
  }
}

function read(answer: GraphQLAnswer, { source, query }: LoadQuery, id: string) {
  const told = answer.extensions?.weir?.sources?.find(({ name }) => name === source)?.outcome;
  const error = answer.errors?.find(({ path }) => path?.[0] === source)?.extensions;
  const value = answer.data?.[source]?.getThing;
  const outcome = told ?? (value?.id === id ? 'FRESH' : 'NONE');
  const siblingOk = !query.includes('sibling') || answer.data?.sibling?.getThing?.id === 's';
  return { outcome, code: error?.code, reason: error?.reason, siblingOk };
}

process.once('disconnect', () => process.exit());
process.on('message', ({ call, job }: { call: number; job: LoadJob }) => {
  void run(job).then((value) => process.send?.({ call, value }));
});
