import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Behaviour = 'normal' | 'slow' | 'errors' | 'down';

/** One example server of the demo, as a process of its own that can really be killed. */
export interface DemoUpstream {
  readonly name: string;
  readonly url: string;
  readonly behaviour: Behaviour;
  /** `down` kills the process; anything else starts it again on its old port if need be. */
  become(behaviour: Behaviour): Promise<void>;
  close(): Promise<void>;
}

const examples = new URL('../../examples/', import.meta.url);
const START_TIMEOUT_MS = 10_000;

/** Starts `examples/<example>/server.mjs` on a free loopback port. */
export async function startUpstream(name: string, example: string): Promise<DemoUpstream> {
  const script = fileURLToPath(new URL(`${example}/server.mjs`, examples));
  let running = await start(script, 0, name);
  const { port } = running;
  let behaviour: Behaviour = 'normal';
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    get behaviour() {
      return behaviour;
    },
    async become(next) {
      if (next === 'down') {
        await stop(running.child, 'SIGKILL');
      } else {
        if (behaviour === 'down') running = await start(script, port, name);
        running.child.send({ behaviour: next });
      }
      behaviour = next;
    },
    close: () => stop(running.child, 'SIGTERM'),
  };
}

function start(script: string, port: number, name: string): Promise<{ child: ChildProcess; port: number }> {
  return new Promise((resolve, reject) => {
    const child = fork(script, ['--port', String(port)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const fail = (why: string): void => {
      clearTimeout(overdue);
      child.kill('SIGKILL');
      reject(new Error(`the example server ${name} did not start: ${why}`));
    };
    const overdue = setTimeout(() => fail(`no word from it in ${START_TIMEOUT_MS} ms`), START_TIMEOUT_MS);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with code ${code}`));
    child.once('message', (message: unknown) => {
      clearTimeout(overdue);
      child.removeAllListeners('exit');
      if (typeof message !== 'object' || message === null || !('port' in message) || typeof message.port !== 'number') {
        fail('it did not say its port');
        return;
      }
      resolve({ child, port: message.port });
    });
  });
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
