import type { EmbeddingAnswer } from '../../../models/index.ts';

/** Vectors as OpenAI's `list` of `embedding`s: numbers, or 32-bit little-endian floats in base64. */
export function embeddingsOf(
  model: string,
  answer: EmbeddingAnswer,
  encoding: 'float' | 'base64',
): Readonly<Record<string, unknown>> {
  const { tokens, usd } = answer.figures;
  return {
    object: 'list',
    data: answer.vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding === 'float' ? vector : base64Of(vector),
    })),
    model,
    usage: { prompt_tokens: tokens.input, total_tokens: tokens.input, cost: usd ?? null },
  };
}

function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
