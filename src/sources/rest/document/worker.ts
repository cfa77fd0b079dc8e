import { parentPort, workerData } from 'node:worker_threads';
import type { Problem } from '../../../errors/index.ts';
import type { FetchText } from './bundle.ts';
import type { ReadWarning } from './findings.ts';
import { type PackedDocument, pack } from './pack.ts';
import { type PrepareInput, prepare } from './prepare.ts';

export type FromWorker =
  | { readonly type: 'fetch'; readonly id: number; readonly url: string }
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }
  | {
      readonly type: 'ready';
      readonly packed: PackedDocument;
      readonly version: string;
      readonly warnings: readonly ReadWarning[];
    };

export interface ToWorker {
  readonly id: number;
  readonly answer: Awaited<ReturnType<FetchText>>;
}

/** Entry of the reading thread: one document, then the end. The network stays with the main thread. */
async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('This file is the entry of a worker thread; it was loaded without a parent.');
  const waiting = new Map<number, (answer: ToWorker['answer']) => void>();
  let next = 0;
  port.on('message', ({ id, answer }: ToWorker) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const fetchText: FetchText = (url) =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      port.postMessage({ type: 'fetch', id, url } satisfies FromWorker);
    });
  const prepared = await prepare(workerData as PrepareInput, fetchText);
  if (!prepared.ok) {
    port.postMessage({ type: 'refused', problems: prepared.problems } satisfies FromWorker);
  } else {
    const packed = pack(prepared.document);
    const { version, warnings } = prepared;
    port.postMessage(
      { type: 'ready', packed, version, warnings } satisfies FromWorker,
      packed.pieces.map((piece) => piece.json.buffer),
    );
  }
  port.close();
}

await main();
