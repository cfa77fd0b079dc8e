import type { SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { EmbeddingRequest, ProviderKind } from '../types.ts';

/** What a package is asked beside the texts. */
interface EmbeddingOptions {
  readonly dimensions?: number;
  readonly providerOptions?: SharedV4ProviderOptions;
}

type Wishes = Pick<EmbeddingRequest, 'dimensions' | 'user'>;

/** Sizes that a package lets through to a vendor; any other it would throw at. */
const COHERE_SIZES: readonly number[] = [256, 512, 1024, 1536];
const TITAN_SIZES: readonly number[] = [256, 512, 1024];
const NOVA_SIZES: readonly number[] = [256, 384, 1024, 3072];

/** The names of what is asked of vectors and cannot be said to this vendor. */
export function unsupportedOfVectors(kind: ProviderKind, model: string, { dimensions, user }: Wishes): string[] {
  const sizes = sizesOf(kind, model);
  return [
    ...(dimensions !== undefined && sizes?.includes(dimensions) === false ? ['dimensions'] : []),
    ...(user !== undefined && openAiPlace(kind) === undefined ? ['user'] : []),
  ];
}

export function embeddingOptions(kind: ProviderKind, model: string, wishes: Wishes): EmbeddingOptions {
  const { dimensions } = wishes;
  const place = openAiPlace(kind);
  if (place !== undefined) return { providerOptions: { [place]: given(wishes) } };
  if (dimensions === undefined) return {};
  if (kind === 'COHERE') return { providerOptions: { cohere: { outputDimension: dimensions } } };
  if (kind !== 'AMAZON_BEDROCK') return { dimensions };
  return { providerOptions: { amazonBedrock: { [bedrockFamily(model).name]: dimensions } } };
}

const given = ({ dimensions, user }: Wishes) => ({
  ...(dimensions === undefined ? {} : { dimensions }),
  ...(user === undefined ? {} : { user }),
});

/** Undefined where it is the vendor that says which sizes there are. */
function sizesOf(kind: ProviderKind, model: string): readonly number[] | undefined {
  if (kind === 'COHERE') return COHERE_SIZES;
  return kind === 'AMAZON_BEDROCK' ? bedrockFamily(model).sizes : undefined;
}

/** Bedrock's models of several vendors, each with a name of its own for the size. */
function bedrockFamily(model: string): { readonly name: string; readonly sizes: readonly number[] } {
  if (model.includes('cohere.')) return { name: 'outputDimension', sizes: COHERE_SIZES };
  if (model.includes('amazon.nova-')) return { name: 'embeddingDimension', sizes: NOVA_SIZES };
  return { name: 'dimensions', sizes: TITAN_SIZES };
}

/** Where packages of OpenAI's format take its parameters; undefined for all others. */
function openAiPlace(kind: ProviderKind): string | undefined {
  if (kind === 'OPENAI' || kind === 'AZURE_OPENAI') return 'openai';
  return kind === 'OPENAI_COMPATIBLE' ? 'compatible' : undefined;
}
