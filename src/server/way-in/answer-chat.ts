import type { FastifyReply } from 'fastify';
import type { ModelAnswer, ModelEvent, ModelFigures } from '../../models/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { EventStream } from './event-stream.ts';
import type { Respondent } from './respondent.ts';
import { noteServed, type Served } from './served.ts';
import type { WayIn } from './way-in.ts';

/** Writes the pieces of one streamed answer in a vendor's format. */
export interface StreamWriter {
  /** Says who speaks. */
  begin(to: EventStream): void;
  /** Resolves when the client may be given more; undefined when there is no need to wait. */
  piece(to: EventStream, event: ModelEvent): Promise<void> | undefined;
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
  let stream: EventStream | undefined;
  const begin = (served: Served): EventStream => {
    noteServed(reply, wayIn, served);
    const begun = new EventStream(reply, clock);
    writer.begin(begun);
    return begun;
  };
  try {
    const { figures, served } = await respondent.stream((events, by) => {
      stream ??= begin(by);
      let ready: Promise<void> | undefined;
      for (const event of events) ready = writer.piece(stream, event);
      return ready;
    });
    stream ??= begin(served);
    writer.finish(stream, figures);
  } catch (error: unknown) {
    if (stream === undefined) throw error;
    wayIn.outcome = 'FAILED';
    writer.fail(stream, error);
  } finally {
    stream?.end();
  }
  return reply;
}
