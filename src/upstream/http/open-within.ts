import type { Socket } from 'node:net';
import type { UpstreamFailure } from '../../errors/index.ts';
import { destinationOf } from './destination.ts';
import { type OpenSocketServices, openSocket } from './open-socket.ts';
import type { TimeLimit } from './time-limit.ts';

/** Opens a connection, with its TLS, within a time limit. Throws UpstreamFailure. */
export async function openWithin(url: URL, services: OpenSocketServices, limit: TimeLimit): Promise<Socket> {
  const controller = new AbortController();
  let stopped: UpstreamFailure | undefined;
  const over = new Promise<never>((_, reject) => {
    limit.watch({
      progress: 'unsent',
      stop(failure) {
        stopped = failure;
        controller.abort();
        reject(failure); // openSocket may still be waiting for DNS, which others may be waiting for too
      },
    });
  });
  const opened = openSocket(destinationOf(url), services, controller.signal).then((socket) => {
    if (stopped !== undefined) socket.destroy();
    return socket;
  });
  return Promise.race([opened, over]);
}
