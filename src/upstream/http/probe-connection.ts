import type { UpstreamFailure } from '../../errors/index.ts';
import { destinationOf } from './destination.ts';
import { type OpenSocketServices, openSocket } from './open-socket.ts';
import type { TimeLimit } from './time-limit.ts';

/** Opens a connection, with its TLS, and closes it politely. Throws UpstreamFailure. */
export async function openAndClose(url: URL, services: OpenSocketServices, limit: TimeLimit): Promise<void> {
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
    if (stopped === undefined) socket.end(() => socket.destroy());
    else socket.destroy();
  });
  await Promise.race([opened, over]);
}
