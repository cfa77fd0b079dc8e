/** Undefined when the text has anything that base64 has not: Node would skip it. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[a-z0-9+/]+={0,2}$/i.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}
