/** What a Content-Type says of a body, as far as reading it is concerned (RFC 9110 section 8.3). */
export interface ContentType {
  /** Type and subtype, lower case; '' when there is none. */
  readonly essence: string;
  readonly charset: string | undefined;
}

export function parseContentType(header: string | undefined): ContentType {
  if (header === undefined) return { essence: '', charset: undefined };
  const essence = (header.split(';', 1)[0] ?? '').trim().toLowerCase();
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(header)?.[1]?.toLowerCase();
  return { essence, charset };
}

/** Types under which servers send JSON because somebody forgot to set the right one. */
const CARELESS = new Set([
  '',
  'text/plain',
  'text/json',
  'text/javascript',
  'text/x-json',
  'application/javascript',
  'application/x-javascript',
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-www-form-urlencoded',
]);

export function mayBeJson({ essence }: ContentType): boolean {
  return (
    essence === 'application/json' || essence.endsWith('+json') || essence.endsWith('/json') || CARELESS.has(essence)
  );
}

/** A page for people: what proxies and captive portals answer in the upstream's place. */
export function isPage({ essence }: ContentType): boolean {
  return essence === 'text/html' || essence === 'application/xhtml+xml';
}

/** Text in the charset it says, or UTF-8; what cannot be decoded becomes U+FFFD. */
export function decodeText(body: Buffer, charset: string | undefined): string {
  if (charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii') {
    return withoutByteOrderMark(body.toString('utf8'));
  }
  try {
    return new TextDecoder(charset).decode(body);
  } catch (error: unknown) {
    if (error instanceof RangeError) return withoutByteOrderMark(body.toString('utf8'));
    throw error;
  }
}

function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
