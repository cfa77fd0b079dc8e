import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../runtime/index.ts';
import { isObject } from '../openapi/json.ts';
import type { FetchText } from './bundle.ts';
import { WORKER_HEAP_MB, WORKER_TIMEOUT_MS } from './limits.ts';
import { unpack } from './pack.ts';
import type { Prepared, PrepareInput } from './prepare.ts';
import type { FromWorker, ToWorker } from './worker.ts';

/** Sources run as TypeScript in tests and as JavaScript once built; the worker's file has the same ending as this one. */
const WORKER_FILE = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

export interface OffThreadOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds; default 120 000. */
  readonly timeoutMs?: number;
  /** Megabytes of heap; default 2 048. */
  readonly heapMb?: number;
}

/**
 * `prepare` in a thread of its own. A document that exhausts its memory or time is refused;
 * the process lives on. Rejects only with the signal's reason.
 */
export function prepareOffThread(
  input: PrepareInput,
  fetchText: FetchText,
  options: OffThreadOptions,
): Promise<Prepared> {
  const { clock, signal, timeoutMs = WORKER_TIMEOUT_MS, heapMb = WORKER_HEAP_MB } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const worker = new Worker(WORKER_FILE, {
      workerData: input,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    let finished = false;
    const finish = (settle: () => void): void => {
      // Ending the thread is an exit as well.
      if (finished) return;
      finished = true;
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
      void worker.terminate().then(settle, settle);
    };
    const refuse = (message: string): void => finish(() => resolve({ ok: false, problems: [{ path: '', message }] }));
    const onAbort = (): void => finish(() => reject(signal.reason));
    const timer = clock.setTimer(
      () => refuse(`Expected a document that can be read in ${timeoutMs / 1000} s; this one takes longer.`),
      timeoutMs,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    worker.on('message', (message: FromWorker) => {
      switch (message.type) {
        case 'fetch':
          void fetchText(message.url).then(
            (answer) => worker.postMessage({ id: message.id, answer } satisfies ToWorker),
            (error: unknown) => finish(() => reject(error)),
          );
          return;
        case 'refused':
          finish(() => resolve({ ok: false, problems: message.problems }));
          return;
        case 'ready': {
          const { packed, version, warnings } = message;
          finish(() => {
            unpack(packed).then((document) => resolve({ ok: true, document, version, warnings }), reject);
          });
          return;
        }
        default: {
          const never: never = message;
          throw new Error(`Unknown message ${String(never)}`);
        }
      }
    });
    worker.on('error', (error: unknown) => {
      // Errors of another thread need not be instances of this one's Error.
      const { code, message } = isObject(error) ? error : { code: undefined, message: error };
      refuse(
        code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? `Expected a document that can be read with ${heapMb} MB of memory; this one needs more.`
          : `The document could not be read: ${String(message)}`,
      );
    });
    worker.on('exit', (code) => {
      if (code !== 0) refuse(`The document could not be read: its reader ended with code ${code}.`);
    });
  });
}
