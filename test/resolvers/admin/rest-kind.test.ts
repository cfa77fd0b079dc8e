import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Secret } from '../../../src/sources/index.ts';
import { restKind } from '../../../src/sources/rest/index.ts';
import {
  CheckSourceDocument,
  PauseSourceDocument,
  PublishSourceDocument,
  RegisterSourceDocument,
  SourceDetailsDocument,
} from '../../support/generated/admin-api.ts';
import { type Harness, startHarness } from './support/harness.ts';

const petstore = readFileSync(
  new URL('../../../node_modules/@readme/oas-examples/3.0/json/petstore.json', import.meta.url),
  'utf8',
);

let weir: Harness;
beforeEach(async () => {
  weir = await startHarness({ realKind: restKind });
});
afterEach(() => weir.close());

describe('a REST source', () => {
  const input = {
    name: 'petstore',
    rest: {
      document: petstore,
      endpoints: [{ url: 'http://127.0.0.1:9/v2' }, { url: 'http://127.0.0.1:10/v2', priority: 1 }],
      auth: { apiKey: { name: 'api_key', value: 'hush-hush' } },
      operations: [{ operation: 'getPetById', field: 'pet', policy: { fallback: { value: { id: 1 } } } }],
    },
  };

  test('is registered, published, and there after a restart, secrets included', async () => {
    await weir.run(RegisterSourceDocument, { input });
    const { checkSource } = await weir.run(CheckSourceDocument, { name: 'petstore' });
    expect(checkSource).toMatchObject({ ok: true, conflicts: [], probe: { ok: false } });
    await weir.run(PublishSourceDocument, { name: 'petstore' });
    // Paused, its answers come from the fallback at once: no clock has to move for retries.
    await weir.run(PauseSourceDocument, { name: 'petstore' });
    const { sdl } = weir.graph.current;
    const query = '{ petstore { pet(petId: 1) { id } } }';
    expect((await weir.query(query)).data).toEqual({ petstore: { pet: { id: 1 } } });

    weir = await weir.restart();
    expect(weir.graph.current.sdl).toBe(sdl);
    expect((await weir.query(query)).data).toEqual({ petstore: { pet: { id: 1 } } });
    const { source } = await weir.run(SourceDetailsDocument, { name: 'petstore' });
    expect(source?.operations.find(({ name }) => name === 'getPetById')).toMatchObject({
      field: 'Query.petstore.pet',
      policy: { fallback: { value: { id: 1 } } },
    });
    const revision = await weir.registry.revision('petstore', 1);
    expect(JSON.stringify(revision?.definition)).not.toContain('hush-hush');
    const definition = revision?.definition as { auth: { apiKey: { value: Secret } } } | undefined;
    expect(definition?.auth.apiKey.value.reveal()).toBe('hush-hush');
  });

  test.each([
    ['no JSON or YAML', '{ "openapi": "3.0.0", '],
    ['no OpenAPI', '{ "name": "x" }'],
    ['no operation', '{ "openapi": "3.0.0", "info": { "title": "x", "version": "1" }, "paths": {} }'],
  ])('whose document is %s is refused, and nothing has changed', async (_what, document) => {
    const before = await weir.snapshot();
    const error = await weir.refused(RegisterSourceDocument, { input: { name: '1st', rest: { document } } });
    expect(error.code).toBe('INVALID_DEFINITION');
    expect(error.problems[0]?.path).toBe('input.name');
    expect(error.problems.filter(({ path }) => path === 'input.name')).toHaveLength(1);
    const alone = await weir.refused(RegisterSourceDocument, { input: { ...input, rest: { document } } });
    expect(alone.code).toBe('INVALID_DEFINITION');
    expect(alone.problems.length).toBeGreaterThan(0);
    expect(await weir.snapshot()).toEqual(before);
  });
});
