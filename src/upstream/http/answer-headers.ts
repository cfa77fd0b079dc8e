/** Describe the bytes on the wire, which `HttpResponse.body` no longer is. */
const OF_THE_WIRE = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);

/** Headers as HttpResponse promises them: one string for each name, without cookies. */
export function readAnswerHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || name === 'set-cookie' || name === '__proto__' || OF_THE_WIRE.has(name)) continue;
    read[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return read;
}
