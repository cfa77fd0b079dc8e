import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { goFirst } from '../machine.ts';
import type { LoadJob, LoadRecord, SeenRequest, UpstreamMode } from './messages.ts';

/** Starts a module of this folder as a process that answers numbered calls. */
class Worker {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #calls = 0;

  constructor(module: string) {
    this.#child = fork(fileURLToPath(new URL(module, import.meta.url)), { serialization: 'advanced', detached: true });
    if (this.#child.pid !== undefined) goFirst(this.#child.pid);
    this.#child.on('message', ({ call, value }: { call: number; value: unknown }) => {
      this.#waiting.get(call)?.(value);
      this.#waiting.delete(call);
    });
  }

  call(message: object): Promise<unknown> {
    const call = ++this.#calls;
    this.#child.send({ ...message, call });
    return new Promise((resolve) => this.#waiting.set(call, resolve));
  }

  async close(): Promise<void> {
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.kill();
    await exited;
  }
}

/** One upstream of the upstreams' process. */
export interface LoadUpstream {
  readonly url: string;
  mode(mode: UpstreamMode): Promise<void>;
  /** The requests it saw since this was asked last. */
  drain(): Promise<readonly SeenRequest[]>;
}

export interface LoadProcesses {
  startUpstream(): Promise<LoadUpstream>;
  /** Resolves when all requests of the job are answered. */
  load(job: LoadJob): Promise<readonly LoadRecord[]>;
  close(): Promise<void>;
}

export function startLoadProcesses(): LoadProcesses {
  const upstreams = new Worker('./upstream-process.ts');
  const generator = new Worker('./generator-process.ts');
  return {
    async startUpstream() {
      const port = (await upstreams.call({ type: 'start' })) as number;
      return {
        url: `http://127.0.0.1:${port}`,
        mode: async (mode) => void (await upstreams.call({ type: 'mode', port, mode })),
        drain: async () => (await upstreams.call({ type: 'drain', port })) as SeenRequest[],
      };
    },
    load: async (job) => (await generator.call({ job })) as LoadRecord[],
    close: async () => {
      await generator.close();
      await upstreams.close();
    },
  };
}
