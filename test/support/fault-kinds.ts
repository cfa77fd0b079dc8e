/**
 * Everything a `FaultServer` can do to one request. Plain values, so that tables of scenarios can hold them.
 * Times are real milliseconds: prefer `gate` and FakeClock in tests, and `delay` and `drip` in load runs.
 */
export type Fault =
  | Answer
  /** Waits, then does `fault`. */
  | { readonly kind: 'delay'; readonly ms: number; readonly fault: Fault }
  /** Waits for the promise, then does `fault`: a delay that the test owns. */
  | { readonly kind: 'gate'; readonly until: Promise<unknown>; readonly fault: Fault }
  /** Reads the request and never says anything. */
  | { readonly kind: 'silent' }
  /** Sends a valid answer `bytes` (default 1) at a time, every `everyMs` (default 10); `from: 'head'` drips the headers too. */
  | (AnswerParts & {
      readonly kind: 'drip';
      readonly bytes?: number;
      readonly everyMs?: number;
      readonly from?: 'head' | 'body';
    })
  /** Sends a TCP reset: at once (default), or after the headers and half of the body. */
  | (AnswerParts & { readonly kind: 'reset'; readonly when?: 'before-answer' | 'in-body' })
  /** Closes politely: without an answer (default), or in the middle of the headers. */
  | { readonly kind: 'close'; readonly when?: 'before-answer' | 'in-headers' }
  /** Closes after half of the body: `length` promised a whole one, `chunked` never sent the last chunk. */
  | (AnswerParts & { readonly kind: 'truncate'; readonly framing?: 'length' | 'chunked' })
  /** Bytes that are not HTTP. */
  | { readonly kind: 'garbage' }
  /** Exactly these bytes, then nothing, or the end of the connection. */
  | { readonly kind: 'raw'; readonly bytes: string | Uint8Array; readonly end?: boolean }
  /** Streams `bytes` (default 200 MB) of JSON string, respecting back pressure; `length` announces it. */
  | { readonly kind: 'huge'; readonly bytes?: number; readonly framing?: 'length' | 'chunked' }
  /** A small body that decompresses to `bytes` (default 100 MB). */
  | { readonly kind: 'bomb'; readonly encoding: 'gzip' | 'br' | 'deflate'; readonly bytes?: number }
  /** A good answer with `bytes` (default 64 KB) of extra headers. */
  | { readonly kind: 'header-flood'; readonly bytes?: number }
  /** A good answer, with a second one that nobody asked for right behind it, or `afterMs` later on the same connection. */
  | { readonly kind: 'surplus'; readonly answer: Answer; readonly extra: Answer; readonly afterMs?: number }
  /** Sends the client elsewhere; without `to` back to the same URL, for ever. */
  | { readonly kind: 'redirect'; readonly to?: string; readonly status?: number }
  /** The body encoded once for each name, in order, e.g. `['gzip', 'gzip']`. `cut` drops so many bytes of the end. */
  | (AnswerParts & {
      readonly kind: 'encoded';
      readonly encodings: readonly ('gzip' | 'br' | 'deflate')[];
      readonly cut?: number;
    });

export interface AnswerParts {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An object is sent as JSON. Default `{"ok":true}`. */
  readonly body?: string | Uint8Array | object;
}

/** A well-formed answer; whatever its content, so a wrong content type or a 503 is one too. */
export interface Answer extends AnswerParts {
  readonly kind: 'answer';
  /** `length` (default), `chunked`, or `close` (the end of the connection ends the body). */
  readonly framing?: 'length' | 'chunked' | 'close';
}
