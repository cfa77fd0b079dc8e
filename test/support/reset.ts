import type { Socket } from 'node:net';

/**
 * Sends a TCP reset. A socket that has begun to end cannot be reset any more: libuv refuses, and
 * Node then leaves it destroyed but never closed; such a socket is just destroyed.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
