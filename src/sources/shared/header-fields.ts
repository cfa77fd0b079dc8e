import { RequestRefused } from './refused.ts';

/** `token` of RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
/** `field-value` of RFC 9110 section 5.5 without obs-text: what an upstream makes of that is its own guess. */
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

export function isFieldValue(value: string): boolean {
  return FIELD_VALUE.test(value);
}

/** Header fields of one request, by lower-case name. Nothing gets in that could end a field or begin another. */
export class HeaderFields {
  readonly #fields: Map<string, string>;
  #record: Readonly<Record<string, string>> | undefined;

  constructor(fields: Iterable<readonly [string, string]> = []) {
    this.#fields = new Map(fields);
  }

  copy(): HeaderFields {
    return new HeaderFields(this.#fields);
  }

  /**
   * `what` names the value in the error, which never shows the value itself, and its bad character only when
   * `isTheClients`: those of secrets stay secret. Throws RequestRefused.
   */
  set(name: string, value: string, what: string, isTheClients = false): void {
    if (!TOKEN.test(name)) {
      throw new RequestRefused(`${what} is sent in a header, whose name must be an HTTP token.`);
    }
    if (!isFieldValue(value)) {
      const found = isTheClients ? `; it has ${badCharacter(value)}` : '';
      throw new RequestRefused(
        `${what} is sent in a header, which can hold visible ASCII characters, spaces and tabs only${found}.`,
      );
    }
    this.#fields.set(name.toLowerCase(), value);
    this.#record = undefined;
  }

  has(name: string): boolean {
    return this.#fields.has(name.toLowerCase());
  }

  /** Cookies of several origins are one header (RFC 6265 section 5.4). */
  addCookies(pairs: readonly string[], what: string): void {
    if (pairs.length === 0) return;
    const before = this.#fields.get('cookie');
    this.set('cookie', before === undefined ? pairs.join('; ') : [before, ...pairs].join('; '), what);
  }

  /** The same object until a field is set. */
  toRecord(): Readonly<Record<string, string>> {
    this.#record ??= Object.freeze(Object.fromEntries(this.#fields));
    return this.#record;
  }
}

function badCharacter(value: string): string {
  const bad = [...value].find((character) => !isFieldValue(character)) ?? '';
  return `U+${(bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Fields that belong to one connection or to the framing of the message, which Weir itself writes
 * (RFC 9110 sections 7.6.1 and 8): no argument, no owner and no client sets them.
 */
const FRAMING = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'expect',
  'accept-encoding',
]);

/** What a client says of its request to Weir (RFC 9110 sections 12, 13 and 14) is not true of Weir's to the upstream. */
const OF_THE_CLIENT = new Set([
  'accept',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'if-range',
  'range',
]);

export function isFramingField(name: string): boolean {
  return FRAMING.has(name.toLowerCase());
}

export function mayForward(name: string): boolean {
  return !isFramingField(name) && !OF_THE_CLIENT.has(name.toLowerCase());
}

/** OpenAPI 3.1.1 section 4.8.12.2: header parameters of these names are ignored; others speak for them. */
export function isIgnoredParameter(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'accept' || lower === 'authorization' || isFramingField(lower);
}
