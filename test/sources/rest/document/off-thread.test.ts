import { afterEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../../../src/runtime/index.ts';
import { readRestDefinition } from '../../../../src/sources/rest/document/index.ts';
import { prepareOffThread } from '../../../../src/sources/rest/document/off-thread.ts';
import { pack, unpack } from '../../../../src/sources/rest/document/pack.ts';
import { prepare } from '../../../../src/sources/rest/document/prepare.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { problemsOf, readServices, serveTexts } from './support.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const noNetwork = () => Promise.resolve({ failure: 'no network.' });
const never = new AbortController().signal;

/** A document large enough for a thread of its own. */
function large(operations = 400): Record<string, unknown> {
  const paths: Record<string, unknown> = {};
  for (let index = 0; index < operations; index++) {
    const schema = { $ref: `#/components/schemas/S${index}` };
    paths[`/p${index}`] = {
      get: {
        operationId: `get${index}`,
        description: 'd'.repeat(500),
        responses: { 200: { description: '', content: { 'application/json': { schema } } } },
      },
    };
  }
  const schemas = Object.fromEntries(
    Object.keys(paths).map((_, index) => [
      `S${index}`,
      { type: 'object', properties: { a: { type: 'string', nullable: true } } },
    ]),
  );
  return {
    openapi: '3.0.0',
    info: { title: 't', version: '1' },
    servers: [{ url: 'http://127.0.0.1:9' }],
    paths,
    components: { schemas },
  };
}

describe('a large document', () => {
  test('comes out of the thread as it would without', async () => {
    const text = JSON.stringify(large());
    const off = await prepareOffThread({ text, url: undefined }, noNetwork, { clock: systemClock, signal: never });
    expect(off).toEqual(await prepare({ text, url: undefined }, noNetwork));
  });

  test('fetches what it refers to through the main thread', async () => {
    const server = await serveTexts({ '/pet.json': '{"type": "object", "properties": {"name": {"type": "string"}}}' });
    closing.push(() => server.close());
    const services = readServices();
    closing.push(() => services.http.close());
    const document = large();
    Object.assign((document.components as { schemas: object }).schemas, { S0: { $ref: `${server.url}/pet.json` } });
    const definition = await readRestDefinition({ document: JSON.stringify(document) }, 'shop', services);
    expect(definition.document['x-documents']).toEqual({
      pet: { type: 'object', properties: { name: { type: 'string' } } },
    });
    expect(server.asked.get('/pet.json')).toBe(1);
  });

  test('is refused with its problems', async () => {
    const services = readServices();
    closing.push(() => services.http.close());
    const document = { ...large(), components: {} };
    const problems = await problemsOf(readRestDefinition({ document: JSON.stringify(document) }, 'shop', services));
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)?.message).toContain('200 more problems');
  });
});

describe('a document that is too much', () => {
  test('for the memory of the thread is refused; the process lives on', async () => {
    const text = JSON.stringify({ openapi: '3.0.0', x: Array.from({ length: 2_000_000 }, () => ({})) });
    const prepared = await prepareOffThread({ text, url: undefined }, noNetwork, {
      clock: systemClock,
      signal: never,
      heapMb: 16,
    });
    expect(prepared).toEqual({
      ok: false,
      problems: [{ path: '', message: expect.stringContaining('needs more') }],
    });
  });

  test('for its time is refused', async () => {
    const clock = new FakeClock();
    // Its only reference is never answered: the thread waits until its time is over.
    const text = JSON.stringify({ ...large(), components: { schemas: { A: { $ref: 'http://x.test/a.json' } } } });
    let asked = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const fetchText = () => {
      asked();
      return new Promise<never>(() => {});
    };
    const prepared = prepareOffThread({ text, url: undefined }, fetchText, { clock, signal: never, timeoutMs: 60_000 });
    await waiting;
    await clock.advance(60_000);
    expect(await prepared).toEqual({
      ok: false,
      problems: [{ path: '', message: 'Expected a document that can be read in 60 s; this one takes longer.' }],
    });
    expect(clock.pending).toBe(0);
  });
});

test('reading ends with the signal', async () => {
  const controller = new AbortController();
  const reading = prepareOffThread({ text: JSON.stringify(large()), url: undefined }, noNetwork, {
    clock: systemClock,
    signal: controller.signal,
  });
  controller.abort(new Error('The registration was given up.'));
  await expect(reading).rejects.toThrow('given up');
  await expect(
    prepareOffThread({ text: '{}', url: undefined }, noNetwork, { clock: systemClock, signal: controller.signal }),
  ).rejects.toThrow('given up');
});

test('a network that fails in an unknown way ends the reading, and the thread', async () => {
  const text = JSON.stringify({ ...large(), components: { schemas: { A: { $ref: 'http://x.test/a.json' } } } });
  const broken = () => Promise.reject(new Error('A bug.'));
  await expect(
    prepareOffThread({ text, url: undefined }, broken, { clock: systemClock, signal: never }),
  ).rejects.toThrow('A bug.');
});

test('packing keeps the document, the order of its keys, and keys of every name', async () => {
  const document = JSON.parse(
    '{"openapi":"3.1.0","paths":{"/b":{},"/a":{},"__proto__":{"x":1}},"components":{"schemas":{"B":{},"A":true},"x":1},"tags":[]}',
  ) as Record<string, unknown>;
  expect(JSON.stringify(await unpack(pack(document)))).toBe(JSON.stringify(document));
});
