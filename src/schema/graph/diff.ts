import { Worker } from 'node:worker_threads';
import type { GraphQLSchema } from 'graphql';
import type { DiffInput, DiffOutput } from './diff-worker.ts';
import { printInTurns } from './print-schema.ts';

/** One difference between two schemas. */
export interface SchemaChange {
  readonly criticality: 'BREAKING' | 'DANGEROUS' | 'SAFE';
  /** The field or type, such as `PetstorePet.name`. */
  readonly path: string | undefined;
  readonly message: string;
}

/** Above these, schemas are compared in a thread of their own: it takes a stretch that traffic would notice. */
const LARGE_TYPES = 250;
const LARGE_CHARACTERS = 100_000;

/** The worker's file has the same ending as this one: TypeScript in tests, JavaScript once built. */
const WORKER_FILE = new URL(import.meta.url.endsWith('.ts') ? './diff-worker.ts' : './diff-worker.js', import.meta.url);

/** What changed from `before` to `after`, each a schema or its text ('' is an empty one); gravest first. */
export async function diffSchemas(
  before: GraphQLSchema | string,
  after: GraphQLSchema | string,
): Promise<readonly SchemaChange[]> {
  if (before === after) return [];
  if (!isLarge(before) && !isLarge(after)) {
    // What compares is not in memory until somebody changes the graph.
    const { compareSchemas } = await import('./compare-schemas.ts');
    return compareSchemas(before, after);
  }
  const input: DiffInput = { before: await textOf(before), after: await textOf(after) };
  return input.before === input.after ? [] : compareOffThread(input);
}

function isLarge(schema: GraphQLSchema | string): boolean {
  return typeof schema === 'string'
    ? schema.length > LARGE_CHARACTERS
    : Object.keys(schema.getTypeMap()).length > LARGE_TYPES;
}

async function textOf(schema: GraphQLSchema | string): Promise<string> {
  return typeof schema === 'string' ? schema : printInTurns(schema);
}

function compareOffThread(input: DiffInput): Promise<readonly SchemaChange[]> {
  const worker = new Worker(WORKER_FILE, { workerData: input, execArgv: [] });
  return new Promise((resolve, reject) => {
    worker.once('message', (changes: DiffOutput) => resolve(changes));
    worker.once('error', reject);
    // After a message or an error this comes too late to matter.
    worker.once('exit', (code) => reject(new Error(`Comparing two schemas must give changes; it ended with ${code}.`)));
  });
}
