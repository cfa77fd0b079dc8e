import { RequestRefused } from '../../../shared/refused.ts';

export interface Part {
  readonly name: string;
  readonly filename?: string | undefined;
  readonly contentType?: string | undefined;
  readonly content: string | Uint8Array;
}

const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\t\x20-\x7e]*)?$/;

/** Writes `multipart/form-data` (RFC 7578). The boundary must be random: content must not be able to hold it. */
export function writeMultipart(parts: readonly Part[], boundary: string): Buffer {
  const chunks: Buffer[] = [];
  for (const part of parts) {
    let head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(part.name)}"`;
    if (part.filename !== undefined) head += `; filename="${quoted(part.filename)}"`;
    if (part.contentType !== undefined) {
      if (!MEDIA_TYPE.test(part.contentType)) {
        throw new RequestRefused(
          `the content type of the part "${part.name}" must be a media type such as "image/png".`,
        );
      }
      head += `\r\nContent-Type: ${part.contentType}`;
    }
    chunks.push(Buffer.from(`${head}\r\n\r\n`));
    chunks.push(Buffer.from(part.content));
    chunks.push(Buffer.from('\r\n'));
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(chunks);
}

/** As browsers do it: WHATWG HTML, "multipart/form-data encoding algorithm", step 1. */
function quoted(text: string): string {
  return text.toWellFormed().replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
