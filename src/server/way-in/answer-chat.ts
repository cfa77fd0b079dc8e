import type { FastifyReply } from 'fastify';
import type { ModelAnswer, ModelEvent, ModelFigures } from '../../models/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { EventStream } from './event-stream.ts';
import type { Respondent, RespondentEvent } from './respondent.ts';
import { noteServed } from './served.ts';
import type { WayIn } from './way-in.ts';

/** Writes the pieces of one streamed answer in a vendor's format. */
export interface StreamWriter {
  /** Says who speaks. */
  begin(to: EventStream): void;
  /** Resolves when the client may be given more; undefined when there is no need to wait. */
  piece(to: EventStream, event: Exclude<ModelEvent, { kind: 'finish' }>): Promise<void> | undefined;
  finish(to: EventStream, figures: ModelFigures): void;
  /** The last of a stream that broke off. */
  fail(to: EventStream, error: unknown): void;
}

export interface ChatAnswer {
  readonly respondent: Respondent;
  readonly reply: FastifyReply;
  readonly wayIn: WayIn;
  readonly clock: Clock;
}

/** Answers whole, in the body that `format` makes. */
export async function answerWhole(
  { respondent, reply, wayIn }: ChatAnswer,
  format: (answer: ModelAnswer) => Readonly<Record<string, unknown>>,
): Promise<FastifyReply> {
  const { answer, served } = await respondent.answer();
  const body = format(answer);
  noteServed(reply, wayIn, served);
  return reply.send(body);
}

/** A failure before the first piece is an answer of its own; after it, the last event of a stream without its end. */
export async function answerStreamed(
  { respondent, reply, wayIn, clock }: ChatAnswer,
  writer: StreamWriter,
): Promise<FastifyReply> {
  const batches = respondent.stream()[Symbol.asyncIterator]();
  const first = await batches.next();
  const [start, ...rest] = first.done === true ? [] : first.value;
  if (start?.kind !== 'started') throw new Error('a stream must begin with its start');
  noteServed(reply, wayIn, start.served);
  const stream = new EventStream(reply, clock);
  try {
    writer.begin(stream);
    let events: readonly RespondentEvent[] = rest;
    for (;;) {
      const written = write(events, writer, stream);
      if (written === 'finished') break;
      if (written !== undefined) await written;
      if (wayIn.signal.aborted) break;
      const next = await batches.next();
      if (next.done === true) throw new Error('a stream must end with its finish');
      events = next.value;
    }
  } catch (error: unknown) {
    wayIn.outcome = 'FAILED';
    writer.fail(stream, error);
  } finally {
    await batches.return?.();
    stream.end();
  }
  return reply;
}

/** Whether that was all; else what is to be waited for before more is written, if anything. */
function write(
  events: readonly RespondentEvent[],
  writer: StreamWriter,
  stream: EventStream,
): 'finished' | Promise<void> | undefined {
  let drained: Promise<void> | undefined;
  for (const event of events) {
    if (event.kind === 'started') throw new Error('a stream begins once');
    if (event.kind === 'finish') {
      writer.finish(stream, event.figures);
      return 'finished';
    }
    drained = writer.piece(stream, event);
  }
  return drained;
}
