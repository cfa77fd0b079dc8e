import { Buffer } from 'node:buffer';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Takes the data of server-sent events out of the bytes of a stream
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream), many at once where one read
 * brought many. Lines end with LF or CRLF: servers of this format write no other. An event that was not ended is none.
 */
export class EventData {
  /** Bytes of a line whose end has not come. */
  #rest: Uint8Array | undefined;
  /** Lines of data of an event whose end has not come. */
  #data: string | undefined;
  #begun = false;

  /** The data of every event that these bytes end. */
  read(bytes: Uint8Array): readonly string[] {
    const all = this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes]);
    const end = all.lastIndexOf(LINE_FEED) + 1;
    this.#rest = end === all.length ? undefined : all.subarray(end);
    if (end === 0) return [];
    return this.#readLines(Buffer.from(all.buffer, all.byteOffset, end).toString());
  }

  /** Whole lines, each with its end. */
  #readLines(text: string): readonly string[] {
    const ended: string[] = [];
    let begin = !this.#begun && text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    this.#begun = true;
    while (begin < text.length) {
      const feed = text.indexOf('\n', begin);
      const end = feed > begin && text[feed - 1] === '\r' ? feed - 1 : feed;
      if (end > begin) this.#readLine(text, begin, end);
      else if (this.#data !== undefined) {
        ended.push(this.#data);
        this.#data = undefined;
      }
      begin = feed + 1;
    }
    return ended;
  }

  /** Fields other than `data`, and comments, say nothing here. */
  #readLine(text: string, begin: number, end: number): void {
    if (!text.startsWith('data', begin)) return;
    const colon = begin + 4;
    if (colon < end && text[colon] !== ':') return;
    const value = text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1, end);
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }
}
