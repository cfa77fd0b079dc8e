/** One event of a stream of Server-Sent Events. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads `text/event-stream` piece by piece. A piece may end anywhere, also inside a character or a line break.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStreamReader {
  readonly #decoder = new TextDecoder();
  readonly #maxLength: number;
  #line = '';
  #afterCarriageReturn = false;
  #event = '';
  #data: string[] = [];
  #length = 0;

  /** `maxLength`: characters of one event; RangeError beyond. */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The events that are complete with this piece. */
  push(piece: Uint8Array): readonly ServerSentEvent[] {
    const complete: ServerSentEvent[] = [];
    const text = this.#decoder.decode(piece, { stream: true });
    if (text === '') return complete;
    const from = this.#afterCarriageReturn && text.startsWith('\n') ? 1 : 0;
    this.#afterCarriageReturn = text.endsWith('\r');
    const lines = text.slice(from).split(/\r\n|\n|\r/);
    for (const [index, part] of lines.entries()) {
      this.#length += part.length;
      if (this.#length > this.#maxLength) {
        throw new RangeError(`An event must have at most ${this.#maxLength} characters.`);
      }
      this.#line += part;
      if (index === lines.length - 1) break;
      const event = this.#endLine();
      if (event !== undefined) complete.push(event);
    }
    return complete;
  }

  #endLine(): ServerSentEvent | undefined {
    const line = this.#line;
    this.#line = '';
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    else this.#length -= line.length;
    return undefined;
  }

  /** An event without data is none (`event: complete` without any is, where the protocol wants it so). */
  #dispatch(): ServerSentEvent | undefined {
    const event = { event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n') };
    const isAny = this.#data.length > 0 || this.#event !== '';
    this.#event = '';
    this.#data = [];
    this.#length = 0;
    return isAny ? event : undefined;
  }
}
