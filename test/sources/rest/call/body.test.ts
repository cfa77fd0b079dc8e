import { describe, expect, test } from '@jest/globals';
import { compileBody, type EncodedBody } from '../../../../src/sources/rest/call/request/body.ts';
import { WireCompiler } from '../../../../src/sources/rest/call/request/wire.ts';
import type { BodyPlan, ObjectShape } from '../../../../src/sources/rest/plan.ts';
import { RequestRefused } from '../../../../src/sources/shared/refused.ts';
import { seededRandom } from '../../../support/seeded-random.ts';
import { bigint, body, byte, enumeration, field, integer, json, list, map, object, string } from './support/plans.ts';

function encode(plan: BodyPlan, value: unknown): EncodedBody {
  return compileBody(plan, new WireCompiler(), seededRandom())(value);
}

const text = ({ content }: EncodedBody): string => Buffer.from(content).toString('utf8');

describe('JSON', () => {
  test('renames fields, maps, enums and nested objects back to the wire', () => {
    const status = enumeration('Status', { IN_STOCK: 'in stock', NONE: 0 });
    const shape = object('PetInput', [
      field('petName', string, { property: 'pet-name' }),
      ['status', status],
      ['statuses', list(status)],
      ['labels', map(object('LabelInput', [field('theText', string, { property: 'text' })]))],
      ['free', json],
    ]);
    const input = {
      petName: 'Rex',
      status: 'IN_STOCK',
      statuses: ['NONE', 'IN_STOCK'],
      labels: [
        { key: '__proto__', value: { theText: 'a' } },
        { key: 'b', value: { theText: 'b' } },
      ],
      free: { any: ['thing', null] },
    };
    expect(encode(body(shape), input)).toEqual({
      contentType: 'application/json',
      content:
        '{"pet-name":"Rex","status":"in stock","statuses":[0,"in stock"],' +
        '"labels":{"__proto__":{"text":"a"},"b":{"text":"b"}},"free":{"any":["thing",null]}}',
    });
  });

  test('writes 64-bit integers with all of their digits', () => {
    const shape = object('In', [
      ['id', bigint],
      ['ids', list(bigint)],
      ['name', string],
    ]);
    const value = { id: 9223372036854775807n, ids: [1, -9223372036854775808n], name: '1n' };
    expect(text(encode(body(shape), value))).toBe(
      '{"id":9223372036854775807,"ids":[1,-9223372036854775808],"name":"1n"}',
    );
  });

  test('sends null where null is described, and leaves it out elsewhere', () => {
    const shape = object('In', [
      field('a', string, { nullable: true }),
      field('b', string, { nullable: false }),
      ['c', string],
    ]);
    expect(text(encode(body(shape), { a: null, b: null }))).toBe('{"a":null}');
  });

  test('takes recursive shapes', () => {
    const node: ObjectShape = object('NodeInput', [['name', string]]);
    node.fields.push(field('children', list(node)));
    expect(text(encode(body(node), { name: 'a', children: [{ name: 'b', children: [] }] }))).toBe(
      '{"name":"a","children":[{"name":"b","children":[]}]}',
    );
  });

  test('keeps a concrete media type and replaces a range', () => {
    expect(encode(body(json, { mediaType: 'application/merge-patch+json' }), {}).contentType).toBe(
      'application/merge-patch+json',
    );
    expect(encode(body(json, { mediaType: '*/*' }), {}).contentType).toBe('application/json');
  });
});

describe('application/x-www-form-urlencoded', () => {
  const shape = object('FormInput', [
    ['q', string],
    ['ids', list(integer)],
    ['tags', list(string)],
    ['address', object('AddressInput', [['city', string]])],
    ['filter', object('FilterInput', [['min', integer]])],
  ]);
  const plan = body(shape, {
    encoding: 'form',
    mediaType: 'application/x-www-form-urlencoded',
    properties: { tags: { style: 'form', explode: false }, filter: { style: 'deepObject', explode: true } },
  });

  test('styles each property as its encoding says; objects without one are JSON text', () => {
    const value = { q: 'a b&c=d', ids: [1, 2], tags: ['x', 'y,z'], address: { city: 'Köln' }, filter: { min: 1 } };
    const { contentType, content } = encode(plan, value);
    expect(contentType).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(String(content))]).toEqual([
      ['q', 'a b&c=d'],
      ['ids', '1'],
      ['ids', '2'],
      ['tags', 'x,y,z'],
      ['address', '{"city":"Köln"}'],
      ['filter[min]', '1'],
    ]);
  });

  test('refuses what is no object', () => {
    expect(() => encode(plan, 'text')).toThrow(RequestRefused);
  });
});

describe('multipart/form-data', () => {
  const shape = object('UploadInput', [
    ['title', string],
    ['meta', object('MetaInput', [['a', integer]])],
    ['tags', list(string)],
    ['file', byte],
    ['more', list(byte)],
    ['digest', byte],
    ['picture', json],
  ]);
  const plan = body(shape, {
    encoding: 'multipart',
    mediaType: 'multipart/form-data',
    properties: {
      more: { contentType: 'image/png, image/jpeg', file: true },
      file: { contentType: 'application/octet-stream', file: true },
      digest: { contentType: 'application/x-digest' },
    },
  });

  /** Read by an independent parser. */
  async function parse(value: unknown): Promise<FormData> {
    const { contentType, content } = encode(plan, value);
    return new Response(Buffer.from(content), { headers: { 'content-type': contentType } }).formData();
  }

  test('makes a part of every property, one of every item, and files of bytes', async () => {
    const form = await parse({
      title: 'line\r\nbreak "quoted"',
      meta: { a: 1 },
      tags: ['x', 'y'],
      digest: 'AAE=',
      file: Buffer.from([0, 255, 13, 10]).toString('base64'),
      more: [{ filename: 'a"b\r\n.png', content: 'AAE=', contentType: 'image/webp' }, 'AQ=='],
    });
    expect(form.get('title')).toBe('line\r\nbreak "quoted"');
    expect(form.getAll('tags')).toEqual(['x', 'y']);
    expect(form.get('digest')).toBe('AAE=');
    const meta = form.get('meta');
    expect(typeof meta === 'string' ? meta : 'a file').toBe('{"a":1}');
    const file = form.get('file') as File;
    expect([file.name, file.type, [...new Uint8Array(await file.arrayBuffer())]]).toEqual([
      'file',
      'application/octet-stream',
      [0, 255, 13, 10],
    ]);
    const more = form.getAll('more') as File[];
    expect(more.map(({ name, type }) => [name, type])).toEqual([
      ['a"b\r\n.png', 'image/webp'],
      ['more', 'image/png'],
    ]);
  });

  test('a name or content cannot begin another part', async () => {
    const form = await parse({ title: '\r\n--weir-\r\nContent-Disposition: form-data; name="admin"\r\n\r\ntrue' });
    expect([...form.keys()]).toEqual(['title']);
  });

  test('the boundary differs from call to call', () => {
    const write = compileBody(plan, new WireCompiler(), seededRandom());
    expect(write({ title: 'a' }).contentType).not.toBe(write({ title: 'a' }).contentType);
  });

  test('refuses bytes that are no base64 and content types that are none', () => {
    expect(() => encode(plan, { file: 'not base64!' })).toThrow('must be base64 text');
    expect(() => encode(plan, { file: { content: 5 } })).toThrow('must be base64 text; it is number');
    expect(() => encode(plan, { file: { content: 'AA==', contentType: 'a/b\r\nx: y' } })).toThrow(RequestRefused);
  });
});

describe('bytes and text', () => {
  test('base64, either alphabet, or an object with content, is sent as bytes', () => {
    const plan = body(byte, { encoding: 'binary', mediaType: 'application/octet-stream' });
    expect(encode(plan, '+/8=')).toEqual({ contentType: 'application/octet-stream', content: Buffer.from([251, 255]) });
    expect(encode(plan, '-_8')).toEqual({ contentType: 'application/octet-stream', content: Buffer.from([251, 255]) });
    expect(encode(plan, { content: 'AA==', contentType: 'image/png' }).contentType).toBe('image/png');
    expect(encode(plan, Buffer.from('x')).content).toEqual(Buffer.from('x'));
  });

  test('text is sent as it is, in UTF-8', () => {
    expect(encode(body(string, { encoding: 'text', mediaType: 'text/plain' }), 'ä')).toEqual({
      contentType: 'text/plain; charset=utf-8',
      content: 'ä',
    });
  });
});
