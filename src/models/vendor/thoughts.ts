import type { LanguageModelV4Content, LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import type { ThoughtEvent, ThoughtPart } from '../anthropic-types.ts';

/** What a model thought aloud, as its vendor wants it back. None without the vendor's seal: nobody could hand it back. */
export function readThought(content: LanguageModelV4Content): readonly ThoughtPart[] {
  if (content.type !== 'reasoning') return [];
  const { signature, redactedData } = sealOf(content.providerMetadata);
  if (redactedData !== undefined) return [{ kind: 'sealedThinking', data: redactedData }];
  return signature === undefined ? [] : [{ kind: 'thinking', text: content.text, signature }];
}

/** The same of a part of a stream. */
export function readThoughtPart(part: LanguageModelV4StreamPart): readonly ThoughtEvent[] {
  if (part.type === 'reasoning-start') {
    const { redactedData } = sealOf(part.providerMetadata);
    return redactedData === undefined ? [] : [{ kind: 'sealedThinking', data: redactedData }];
  }
  if (part.type !== 'reasoning-delta') return [];
  const { signature } = sealOf(part.providerMetadata);
  if (signature !== undefined) return [{ kind: 'thinkingSigned', block: part.id, signature }];
  return part.delta === '' ? [] : [{ kind: 'thinking', block: part.id, delta: part.delta }];
}

interface Seal {
  readonly signature: string | undefined;
  readonly redactedData: string | undefined;
}

function sealOf(metadata: SharedV4ProviderMetadata | undefined): Seal {
  const { signature, redactedData } = metadata?.anthropic ?? {};
  return {
    signature: typeof signature === 'string' ? signature : undefined,
    redactedData: typeof redactedData === 'string' ? redactedData : undefined,
  };
}
