import type { EmbeddingRequest } from '../../../models/index.ts';
import { isNothing, type Reading, readBody } from '../../way-in/reading.ts';
import { RequestRefused } from '../../way-in/refused.ts';

/** A request in OpenAI's format for embeddings. */
export interface AskedEmbeddings {
  readonly model: string;
  readonly asked: EmbeddingRequest;
  readonly encoding: 'float' | 'base64';
}

const KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'encoding_format', 'dimensions', 'user']);
/** As many as OpenAI takes. */
const MAX_TEXTS = 2048;
/** More than any model has. */
const MAX_DIMENSIONS = 100_000;

/** Throws RequestRefused with every problem. */
export function readEmbeddingRequest(value: unknown): AskedEmbeddings {
  const { body, reading } = readBody(value);
  reading.only(body, '', KNOWN);
  const model = reading.word(body.model, 'model');
  const texts = readTexts(body.input, reading);
  const encoding = isNothing(body.encoding_format)
    ? 'float'
    : reading.oneOf(body.encoding_format, 'encoding_format', ['float', 'base64']);
  const dimensions = isNothing(body.dimensions)
    ? undefined
    : reading.wholeNumber(body.dimensions, 'dimensions', 1, MAX_DIMENSIONS);
  const user = isNothing(body.user) ? undefined : reading.word(body.user, 'user');
  if (reading.problems.length > 0 || model === undefined || encoding === undefined) {
    throw new RequestRefused(reading.problems);
  }
  const asked = {
    texts,
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(user === undefined ? {} : { user }),
  };
  return { model, asked, encoding };
}

function readTexts(value: unknown, reading: Reading): readonly string[] {
  if (typeof value === 'string') return [reading.word(value, 'input') ?? ''];
  const list = reading.list(value, 'input') ?? [];
  if (Array.isArray(value) && (list.length === 0 || list.length > MAX_TEXTS)) {
    reading.refuse('input', `Expected 1 to ${MAX_TEXTS} texts, got ${list.length}.`);
    return [];
  }
  if (typeof list[0] === 'number' || Array.isArray(list[0])) {
    reading.refuse('input', 'Expected texts: Weir does not know the vocabulary that tokens are numbers of.');
    return [];
  }
  return list.map((each, index) => reading.word(each, `input[${index}]`) ?? '');
}
