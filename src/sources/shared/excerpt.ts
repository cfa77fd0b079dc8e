import type { UpstreamAnswer } from '../../errors/index.ts';
import type { HttpResponse } from '../../upstream/index.ts';
import { decodeText, parseContentType } from './media-type.ts';

/** Characters of an answer that are kept: enough to read an error by, too little to fetch data with. */
const MAX_CHARACTERS = 2_000;
/** Bytes looked at; more than are kept, so that no secret is cut in half before it is found. */
const MAX_BYTES = 64 * 1024;
/** Shorter ones hide nothing, and would black out half of the text. */
const MIN_SECRET = 4;

/**
 * The beginning of an answer, to find out by what is wrong with it. Upstreams repeat what they were sent,
 * so whatever is one of `secrets`, as it is or as JSON or a URL writes it, is taken out.
 */
export function excerptOf({ body, headers }: HttpResponse, secrets: readonly string[]): UpstreamAnswer {
  const contentType = headers['content-type'];
  const common = {
    bytes: body.length,
    ...(contentType === undefined ? {} : { contentType: contentType.slice(0, 200) }),
  };
  const beginning = body.subarray(0, MAX_BYTES);
  if (beginning.includes(0)) return common;
  const whole = withoutSecrets(decodeText(beginning, parseContentType(contentType).charset), secrets);
  const text = whole.slice(0, MAX_CHARACTERS).toWellFormed();
  return { ...common, text, ...(body.length > MAX_BYTES || whole.length > MAX_CHARACTERS ? { cut: true } : {}) };
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret.length >= MIN_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())]);
  // The longest first: a secret may be part of another.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}
