import { UpstreamFailure } from '../../errors/index.ts';
import { estimateTokens } from '../estimate.ts';
import type { StreamRead } from '../model-client.ts';
import type { ModelEvent, TokenUsage } from '../types.ts';
import { failures } from '../vendor/failures.ts';
import { failureFromVendor } from '../vendor/read-error.ts';
import { asObject, type Fields, isObject, listAt, objectAt, parseObject, textAt } from './fields.ts';
import { LikeChunks } from './like-chunks.ts';
import { readEnd, readSaid, readUsage } from './read-message.ts';
import { ToolCalls } from './tool-calls.ts';

const DONE = '[DONE]';

/** Reads the `chat.completion.chunk`s of one stream. */
export class ChunkReader {
  readonly #toolCalls: ToolCalls;
  readonly #like = new LikeChunks();
  readonly #withLogprobs: boolean;
  #usage: TokenUsage | undefined;
  #finishReason: string | undefined;
  #isDone = false;
  #refused = false;
  /** Of what is being read now. */
  #events: ModelEvent[] = [];
  #tokens = 0;
  #isToken = false;

  /** `withLogprobs`: they were asked for, and are told with the text they came with. */
  constructor(requestId: string, withLogprobs: boolean) {
    this.#toolCalls = new ToolCalls(requestId);
    this.#withLogprobs = withLogprobs;
  }

  /** The vendor has said that nothing follows. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Reads the data of events up to the first that is a failure. `now`: Clock.now(). */
  read(data: readonly string[], now: number): StreamRead {
    this.#events = [];
    this.#tokens = 0;
    this.#isToken = false;
    let failure: UpstreamFailure | undefined;
    try {
      for (const one of data) {
        if (one === DONE) this.#isDone = true;
        else this.#readChunk(one, now);
      }
    } catch (error: unknown) {
      if (!(error instanceof UpstreamFailure)) throw error;
      failure = error;
    }
    const read = { events: this.#events, tokens: this.#tokens, isToken: this.#isToken };
    return failure === undefined ? read : { ...read, failure };
  }

  /** The stream is over. */
  end(): StreamRead {
    this.#toolCalls.end();
    const reason = this.#finishReason;
    const end =
      reason === undefined
        ? { tokens: this.#usage, finishReason: undefined, failure: undefined }
        : readEnd(this.#usage, reason, this.#refused);
    return { events: [], tokens: 0, isToken: false, end };
  }

  #readChunk(text: string, now: number): void {
    const alone = this.#like.read(text);
    if (alone !== undefined) {
      this.#say(alone);
      return;
    }
    const chunk = parseObject(text, 'an event of the stream');
    if (chunk.error !== undefined && chunk.error !== null) {
      throw failureFromVendor({ status: undefined, headers: {}, text }, now);
    }
    const usage = readUsage(chunk);
    this.#usage = usage ?? this.#usage;
    const choices = listAt(chunk.choices, 'choices');
    if (choices === undefined) throw failures.invalid('an event of the stream has no choices');
    const [first] = choices;
    if (first === undefined) return;
    const choice = asObject(first, 'a choice of the answer');
    const finishReason = textAt(choice.finish_reason, 'finish_reason');
    this.#finishReason = finishReason ?? this.#finishReason;
    const delta = objectAt(choice.delta, 'delta');
    const before = this.#events.length;
    const only = delta === undefined ? undefined : this.#readDelta(delta);
    if (this.#withLogprobs) this.#addLogprobs(choice, before);
    else if (only !== undefined && usage === undefined && finishReason === undefined) {
      this.#like.learn(text, only, textOfChunk);
    }
  }

  /** To the text of this chunk, which is empty where a token is no whole character yet. */
  #addLogprobs(choice: Fields, at: number): void {
    const logprobs = objectAt(choice.logprobs, 'logprobs');
    if (logprobs === undefined) return;
    const event = this.#events[at];
    if (event?.kind === 'text') this.#events[at] = { ...event, logprobs };
    else this.#events.push({ kind: 'text', delta: '', logprobs });
  }

  /** The text, where it says nothing else. */
  #readDelta(delta: Fields): string | undefined {
    const { text, thought, refusal } = readSaid(delta);
    this.#count(thought);
    this.#say(text);
    this.#say(refusal);
    if (refusal !== '') this.#refused = true;
    const calls = listAt(delta.tool_calls, 'tool_calls') ?? [];
    for (const call of calls) {
      this.#isToken = true;
      for (const event of this.#toolCalls.read(asObject(call, 'a tool call of the answer'))) {
        this.#events.push(event);
        if (event.kind === 'toolCallDelta') this.#count(event.delta);
      }
    }
    return text !== '' && thought === '' && refusal === '' && calls.length === 0 ? text : undefined;
  }

  /** Texts that come together are told as one, unless each has logprobs of its own. */
  #say(text: string): void {
    if (text === '') return;
    const at = this.#events.length - 1;
    const last = this.#events[at];
    if (last?.kind === 'text' && !this.#withLogprobs) this.#events[at] = { kind: 'text', delta: last.delta + text };
    else this.#events.push({ kind: 'text', delta: text });
    this.#count(text);
  }

  #count(said: string): void {
    if (said === '') return;
    this.#isToken = true;
    this.#tokens += estimateTokens(said);
  }
}

function textOfChunk(chunk: unknown): unknown {
  if (!isObject(chunk) || !Array.isArray(chunk.choices)) return undefined;
  const choice: unknown = chunk.choices[0];
  return isObject(choice) && isObject(choice.delta) ? choice.delta.content : undefined;
}
