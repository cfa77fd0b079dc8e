import { isNothing, Reading } from '../../way-in/reading.ts';
import { RequestRefused } from '../../way-in/refused.ts';

export interface EmbeddingRequest {
  readonly model: string;
  readonly texts: readonly string[];
  readonly encoding: 'float' | 'base64';
}

const KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'encoding_format']);
/** As many as OpenAI takes. */
const MAX_TEXTS = 2048;

/** Throws RequestRefused with every problem. */
export function readEmbeddingRequest(value: unknown): EmbeddingRequest {
  const reading = new Reading();
  const body = reading.object(value, '') ?? {};
  if (reading.problems.length > 0) throw new RequestRefused(reading.problems);
  reading.only(body, '', KNOWN);
  const model = reading.word(body.model, 'model');
  const texts = readTexts(body.input, reading);
  const encoding = isNothing(body.encoding_format)
    ? 'float'
    : reading.oneOf(body.encoding_format, 'encoding_format', ['float', 'base64']);
  if (reading.problems.length > 0 || model === undefined || encoding === undefined) {
    throw new RequestRefused(reading.problems);
  }
  return { model, texts, encoding };
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
