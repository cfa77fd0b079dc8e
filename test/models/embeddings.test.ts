import { describe, expect, test } from '@jest/globals';
import type { ProviderKind } from '../../src/models/index.ts';
import { account } from './support/accounts.ts';
import { ChatRig } from './support/chat-rig.ts';
import { json } from './support/chat-server.ts';
import { callContext, failureOf } from './support/setup.ts';
import { VENDORS } from './support/vendors.ts';

const rig = new ChatRig();
const texts = ['a'];

/** An answer that each vendor would find its own in, with vectors of this size. */
function answerOf(size: number): object {
  const vector = Array.from({ length: size }, (_, at) => at);
  return {
    data: [{ object: 'embedding', index: 0, embedding: vector }],
    usage: { prompt_tokens: 1, total_tokens: 1 },
    embedding: { values: vector },
    predictions: [{ embeddings: { values: vector, statistics: { token_count: 1 } } }],
    embeddings: { float: [vector] },
    meta: { billed_units: { input_tokens: 1 } },
  };
}

async function startAs(kind: ProviderKind, answer: object): Promise<void> {
  const vendor = VENDORS.find((each) => each.kind === kind);
  if (vendor === undefined) throw new Error(`there is no ${kind}`);
  await rig.start([vendor.account(rig.server.url)]);
  rig.server.answer = (response) => json(response, 200, answer);
}

describe('the size of vectors', () => {
  test.each<[ProviderKind, string, object]>([
    ['OPENAI', 'text-embedding-3-small', { dimensions: 256 }],
    ['AZURE_OPENAI', 'text-embedding-3-small', { dimensions: 256 }],
    ['OPENAI_COMPATIBLE', 'local', { dimensions: 256 }],
    ['GOOGLE', 'gemini-embedding-001', { outputDimensionality: 256 }],
    ['GOOGLE_VERTEX', 'text-embedding-005', { parameters: { outputDimensionality: 256 } }],
    ['MISTRAL', 'codestral-embed', { output_dimension: 256 }],
    ['COHERE', 'embed-v4.0', { output_dimension: 256 }],
  ])('%s %s', async (kind, model, sent) => {
    await startAs(kind, answerOf(256));
    const asked = { texts, dimensions: 256 };
    const { vectors } = await rig.setup.models.embed({ provider: 'acme', model }, asked, callContext());
    expect(vectors.map(({ length }) => length)).toEqual([256]);
    expect(JSON.parse(rig.server.requests[0]?.body ?? '')).toMatchObject(sent);
  });

  test.each([
    ['amazon.titan-embed-text-v2:0', { dimensions: 256 }, (vector: number[]) => ({ embedding: vector })],
    [
      'amazon.nova-2-multimodal-embeddings-v1:0',
      { singleEmbeddingParams: { embeddingDimension: 256 } },
      (vector: number[]) => ({ embeddings: [{ embeddingType: 'TEXT', embedding: vector }] }),
    ],
    ['cohere.embed-v4:0', { output_dimension: 256 }, (vector: number[]) => ({ embeddings: { float: [vector] } })],
  ])('AMAZON_BEDROCK %s', async (model, sent, answer) => {
    await startAs('AMAZON_BEDROCK', { inputTextTokenCount: 1, ...answer(new Array(256).fill(0.5)) });
    await rig.setup.models.embed({ provider: 'acme', model }, { texts, dimensions: 256 }, callContext());
    expect(JSON.parse(rig.server.requests[0]?.body ?? '')).toMatchObject(sent);
  });

  test('one that the vendor’s format cannot say is refused by name, before anything leaves', async () => {
    await startAs('COHERE', answerOf(300));
    const target = { provider: 'acme', model: 'embed-v4.0' };
    expect(rig.setup.models.unsupported(target, { texts, dimensions: 300 })).toEqual(['dimensions']);
    const failure = await failureOf(rig.setup.models.embed(target, { texts, dimensions: 300 }, callContext()));
    expect(failure).toMatchObject({ code: 'UPSTREAM_REJECTED', shown: { unsupported: ['dimensions'] } });
    expect(rig.server.requests).toHaveLength(0);
  });

  test('a server that overlooks it is found out by its answer', async () => {
    await startAs('OPENAI_COMPATIBLE', answerOf(768));
    const asking = rig.setup.models.embed(
      { provider: 'acme', model: 'local' },
      { texts, dimensions: 256 },
      callContext(),
    );
    expect(await failureOf(asking)).toMatchObject({ shown: { unsupported: ['dimensions'] } });
  });
});

test('the name of an end user is handed on where there is a place for it, and refused elsewhere', async () => {
  await startAs('OPENAI_COMPATIBLE', answerOf(4));
  const target = { provider: 'acme', model: 'local' };
  await rig.setup.models.embed(target, { texts, user: 'u1' }, callContext());
  expect(JSON.parse(rig.server.requests[0]?.body ?? '')).toMatchObject({ user: 'u1' });
  await rig.start([account('GOOGLE', { baseUrl: `${rig.server.url}/v1beta` })]);
  expect(rig.setup.models.unsupported(target, { texts, user: 'u1', dimensions: 4 })).toEqual(['user']);
});
