import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReceivedRequest } from '../support/fault-server.ts';
import { openapi, type RestGateway, startRestGateway } from '../support/rest-gateway.ts';

let rest: RestGateway;
beforeAll(async () => {
  rest = await startRestGateway();
});
afterAll(() => rest.close());

const text = { type: 'string' };
const binary = { type: 'string', format: 'binary' };
const responses = { 200: { description: 'ok', content: { 'application/json': { schema: {} } } } };
const posting = (content: object, more: object = {}) =>
  openapi({ '/thing': { post: { operationId: 'send', requestBody: { content, ...more }, responses } } });

/** The parts of a multipart body, read by an independent parser. */
async function form({ body, headers }: ReceivedRequest): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
}

test('JSON: names of the document, lists, maps, enums, long integers, and null only where it is a value', async () => {
  const schema = {
    type: 'object',
    required: ['first-name', 'age'],
    properties: {
      'first-name': text,
      age: { type: 'integer', format: 'int64' },
      size: { type: 'string', enum: ['x-large', 'small'] },
      labels: { type: 'object', additionalProperties: text },
      parent: { type: ['string', 'null'] },
      nick: text,
      id: { ...text, readOnly: true },
    },
  };
  await rest.publish('json', posting({ 'application/vnd.shop+json': { schema } }, { required: true }));
  const { body, headers } = await rest.sent('mutation ($i: JsonSendInput!) { json { send(input: $i) } }', {
    i: {
      first_name: 'A',
      age: '9223372036854775807',
      size: 'x_large',
      labels: [{ key: 'a', value: 'b' }],
      parent: null,
      nick: null,
    },
  });
  expect(headers['content-type']).toBe('application/vnd.shop+json');
  expect(body.toString()).toBe(
    '{"first-name":"A","age":9223372036854775807,"size":"x-large","labels":{"a":"b"},"parent":null}',
  );
  const sdl = await rest.sdl('json');
  expect(sdl).toContain('first_name: String!');
  expect(sdl).not.toContain('id: String');
});

test('form-urlencoded, with the styles its encoding asks for', async () => {
  const schema = {
    type: 'object',
    properties: { q: text, ids: { type: 'array', items: { type: 'integer' } }, tags: { type: 'array', items: text } },
  };
  await rest.publish(
    'forms',
    posting({
      'application/x-www-form-urlencoded': { schema, encoding: { tags: { style: 'pipeDelimited', explode: false } } },
    }),
  );
  const { body, headers } = await rest.sent(
    'mutation { forms { send(input: { q: "a&b c", ids: [1, 2], tags: ["x", "y"] }) } }',
  );
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(body.toString()).toBe('q=a%26b%20c&ids=1&ids=2&tags=x%7Cy');
});

describe('multipart', () => {
  const schema = {
    type: 'object',
    required: ['file'],
    properties: {
      title: text,
      file: binary,
      more: { type: 'array', items: binary },
      digest: { type: 'string', format: 'byte' },
      seal: { type: 'string', format: 'byte' },
      meta: { type: 'object', properties: { a: { type: 'integer' } } },
      raw: {},
    },
  };
  const encoding = { seal: { contentType: 'application/x-seal' }, raw: { contentType: 'image/png' } };

  test('files are octets with a name and a type; base64 text that the document wants as text stays text', async () => {
    await rest.publish('upload', posting({ 'multipart/form-data': { schema, encoding } }, { required: true }));
    const request = await rest.sent(
      `mutation ($file: File!) { upload { send(input: {
        title: "a", file: $file, more: ["AQ==", { content: "Ag==", filename: "two.bin" }],
        digest: "AAEC", seal: "AAEC", meta: { a: 1 }, raw: "iVBO" }) } }`,
      {
        file: {
          filename: 'späte "Rose".txt',
          contentType: 'text/plain',
          content: Buffer.from('höhe').toString('base64'),
        },
      },
    );
    const parts = await form(request);
    const file = parts.get('file') as File;
    expect([file.name, file.type, await file.text()]).toEqual(['späte "Rose".txt', 'text/plain', 'höhe']);
    const more = parts.getAll('more') as File[];
    expect(more.map(({ name, type }) => [name, type])).toEqual([
      ['more', 'application/octet-stream'],
      ['two.bin', 'application/octet-stream'],
    ]);
    expect(new Uint8Array(await (more[1] as File).arrayBuffer())).toEqual(new Uint8Array([2]));
    expect([parts.get('title'), parts.get('digest')]).toEqual(['a', 'AAEC']);
    const raw = parts.get('raw') as File;
    expect([raw.type, raw.size]).toEqual(['image/png', 3]);
    const sent = request.body.toString('latin1');
    expect(sent).toContain('name="seal"\r\nContent-Type: application/x-seal\r\n\r\nAAEC\r\n');
    expect(sent).toContain('name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n');
  });

  test('a file that is none is the mistake of its client', async () => {
    const before = rest.upstream.requests.length;
    for (const file of ['not base64!', { name: 'a', content: '' }, { content: 5 }, ['AA=='], 7]) {
      const { status, errors } = await rest.weir.query(
        'mutation ($f: File!) { upload { send(input: { file: $f }) } }',
        { f: file },
      );
      expect([status, errors[0]?.message]).toEqual([400, expect.stringContaining('File ')]);
    }
    const { errors } = await rest.weir.query(
      'mutation { upload { send(input: { file: { content: "AA==", contentType: "a/b\\r\\nX: y" } }) } }',
    );
    expect(errors[0]?.extensions.code).toBe('UPSTREAM_REJECTED');
    expect(rest.upstream.requests).toHaveLength(before);
  });

  test('the files of Swagger 2.0', async () => {
    await rest.publish('oldUpload', {
      swagger: '2.0',
      info: { title: 'a', version: '1' },
      paths: {
        '/thing': {
          post: {
            operationId: 'send',
            consumes: ['multipart/form-data'],
            parameters: [
              { name: 'file', in: 'formData', type: 'file', required: true },
              { name: 'note', in: 'formData', type: 'string' },
            ],
            responses: { 204: { description: 'done' } },
          },
        },
      },
    });
    rest.upstream.next({ kind: 'answer', status: 204, body: '' });
    const parts = await form(
      await rest.sent(
        'mutation { oldUpload { send(input: { file: { filename: "a.png", content: "AA==" }, note: "n" }) } }',
      ),
    );
    expect([(parts.get('file') as File).name, parts.get('note')]).toEqual(['a.png', 'n']);
  });
});

test('bytes: as they are, of the type that the client names where the document leaves it open', async () => {
  await rest.publish('bytes', posting({ 'application/octet-stream': { schema: binary } }, { required: true }));
  const plain = await rest.sent('mutation { bytes { send(input: "AAEC/w==") } }');
  expect([plain.headers['content-type'], [...plain.body]]).toEqual(['application/octet-stream', [0, 1, 2, 255]]);
  await rest.publish('image', posting({ 'image/*': {} }));
  const image = await rest.sent('mutation { image { send(input: { content: "AAEC", contentType: "image/png" }) } }');
  expect([image.headers['content-type'], image.body.length]).toEqual(['image/png', 3]);
});

test('a file inside JSON is its content', async () => {
  await rest.publish(
    'inside',
    posting({ 'application/json': { schema: { type: 'object', properties: { file: binary } } } }),
  );
  expect(
    (
      await rest.sent('mutation { inside { send(input: { file: { content: "AAEC", filename: "a" } }) } }')
    ).body.toString(),
  ).toBe('{"file":"AAEC"}');
});

test('text, and formats that Weir does not put together', async () => {
  await rest.publish('plain', posting({ 'text/plain': { schema: text } }));
  const plain = await rest.sent('mutation { plain { send(input: "höhe") } }');
  expect([plain.headers['content-type'], plain.body.toString()]).toEqual(['text/plain; charset=utf-8', 'höhe']);
  await rest.publish('markup', posting({ 'application/xml': { schema: { type: 'object', properties: { a: text } } } }));
  const markup = await rest.sent('mutation { markup { send(input: "<a/>") } }');
  expect([markup.headers['content-type'], markup.body.toString()]).toEqual(['application/xml', '<a/>']);
  expect(await rest.warnings('markup')).toContain('TEXT_BODY');
});
