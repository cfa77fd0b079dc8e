import type { FastifyReply } from 'fastify';
import type { Clock } from '../../runtime/index.ts';
import type { EventStream } from '../way-in/event-stream.ts';
import { heartbeat } from './heartbeat.ts';
import { SignsOfLife } from './signs-of-life.ts';

/** Sends signs of life on an event stream, and cuts off one of which nothing is taken, until it is stopped. */
export function keepAlive(stream: EventStream, { raw }: FastifyReply, clock: Clock, intervalMs: number): () => void {
  const life = raw.socket === null ? undefined : new SignsOfLife(raw.socket);
  return heartbeat(clock, intervalMs, () => {
    // A reader says nothing: only what it does not take tells that it is gone.
    if (!raw.writableNeedDrain) life?.seen();
    if (life?.missing() === true) raw.destroy();
    else stream.comment();
  });
}
