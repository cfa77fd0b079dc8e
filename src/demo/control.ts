import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Behaviour } from './upstreams.ts';

/** A wish from another terminal: `weir demo break bookshop`. */
export interface ControlCommand {
  readonly upstream: string;
  readonly behaviour: Behaviour;
}

/** What each upstream of the running demo is doing. */
export type ControlStatus = Readonly<Record<string, Behaviour>>;

/** No demo is running, or it refused; the message is for the user. */
export class DemoControlError extends Error {
  override readonly name = 'DemoControlError';
}

const stateFile = (): string => join(tmpdir(), `weir-demo-${userInfo().uid}.json`);

/** Lets other terminals steer this demo: a loopback server whose address and token only this user can read. */
export async function openControl(
  token: string,
  handle: (command: ControlCommand | undefined) => Promise<ControlStatus>,
): Promise<{ close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void answer(request.headers.authorization, Buffer.concat(chunks).toString('utf8')).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  });
  const answer = async (authorization: string | undefined, body: string): Promise<[number, unknown]> => {
    if (authorization !== `Bearer ${token}`) return [401, { error: 'wrong token' }];
    try {
      const command = body === '' ? undefined : (JSON.parse(body) as ControlCommand);
      return [200, await handle(command)];
    } catch (error: unknown) {
      return [400, { error: error instanceof Error ? error.message : String(error) }];
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the control server has no port');
  const state = JSON.stringify({ port: address.port, token });
  rmSync(stateFile(), { force: true });
  writeFileSync(stateFile(), state, { mode: 0o600, flag: 'wx' });
  return {
    async close() {
      // A demo that began later has put its own state in place of this one's.
      if (readState() === state) rmSync(stateFile(), { force: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readState(): string | undefined {
  try {
    return readFileSync(stateFile(), 'utf8');
  } catch {
    return undefined;
  }
}

/** Sends a command to the demo that runs on this machine for this user; without one, asks for the status. */
export async function sendControl(command: ControlCommand | undefined): Promise<ControlStatus> {
  let state: { port: number; token: string };
  try {
    state = JSON.parse(readFileSync(stateFile(), 'utf8')) as typeof state;
  } catch {
    throw new DemoControlError('no demo is running: start one with "npm run demo" in another terminal.');
  }
  let response: Response;
  try {
    response = await fetch(`http://127.0.0.1:${state.port}/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${state.token}` },
      ...(command === undefined ? {} : { body: JSON.stringify(command) }),
    });
  } catch {
    throw new DemoControlError('the demo that was running is gone: start it again with "npm run demo".');
  }
  const body: unknown = await response.json();
  if (!response.ok) {
    throw new DemoControlError(
      typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : 'refused',
    );
  }
  return body as ControlStatus;
}
