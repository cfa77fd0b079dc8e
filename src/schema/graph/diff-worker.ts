import { parentPort, workerData } from 'node:worker_threads';
import { compareSchemas } from './compare-schemas.ts';
import type { SchemaChange } from './diff.ts';

/** Two schemas as text. */
export interface DiffInput {
  readonly before: string;
  readonly after: string;
}

export type DiffOutput = readonly SchemaChange[];

const { before, after } = workerData as DiffInput;
const changes: DiffOutput = await compareSchemas(before, after);
parentPort?.postMessage(changes);
