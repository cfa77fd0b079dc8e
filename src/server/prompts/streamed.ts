import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from '../../runtime/index.ts';
import { clientError } from '../error-answer.ts';
import { EventStream } from '../way-in/event-stream.ts';
import { noteServed } from '../way-in/served.ts';
import type { WayIn } from '../way-in/way-in.ts';
import { usageOf } from './figures.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { OpenPrompt } from './prompts.ts';

/**
 * Server-sent events: a `delta` for each piece, then one event `done`. A failure before the first piece is an answer of
 * its own; after it, an event `error`, which is the last.
 */
export async function answerStreamed(
  prompt: OpenPrompt,
  variables: Readonly<Record<string, unknown>>,
  reply: FastifyReply,
  wayIn: WayIn,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<FastifyReply> {
  const pieces = piecesOf(prompt, variables);
  let next = await pieces.next();
  if (next.done === true) throw new Error('pieces end with the last one');
  const { model } = next.value;
  noteServed(reply, wayIn, next.value);
  const stream = new EventStream(reply, clock);
  try {
    for (; next.done !== true && !wayIn.signal.aborted; next = await pieces.next()) await sendPiece(stream, next.value);
    if (next.done !== true && wayIn.ended !== undefined) throw wayIn.ended;
  } catch (error: unknown) {
    wayIn.outcome = 'FAILED';
    const told = clientError(wayIn.ended ?? error, wayIn.id, log);
    wayIn.errorCode = told.extensions.code;
    await stream.send(JSON.stringify({ errors: [told] }), 'error');
  } finally {
    await pieces.return();
    stream.end();
  }
  return reply;

  async function sendPiece(to: EventStream, piece: Piece): Promise<void> {
    if (piece.delta !== '') await to.send(JSON.stringify({ delta: piece.delta }));
    if (!piece.done) return;
    const end = { outcome: piece.outcome, model: piece.model ?? model ?? null, usage: usageOf(piece.figures) };
    await to.send(JSON.stringify(end), 'done');
  }
}
