import { describe, expect, test } from '@jest/globals';
import { restScalars } from '../../../../src/sources/rest/mapping/index.ts';
import { answering, describeDocument, fieldType, openapi, operation } from './support.ts';

async function typeOfProperty(schema: unknown): Promise<string> {
  const description = await describeDocument(answering({ type: 'object', properties: { it: schema } }));
  return fieldType(description, 'ShopGetThingResponse', 'it');
}

describe('formats', () => {
  test.each([
    [{ type: 'string' }, 'String'],
    [{ type: 'string', format: 'date-time' }, 'DateTime'],
    [{ type: 'string', format: 'date' }, 'Date'],
    [{ type: 'string', format: 'uuid' }, 'UUID'],
    [{ type: 'string', format: 'uri' }, 'URL'],
    [{ type: 'string', format: 'email' }, 'EmailAddress'],
    [{ type: 'string', format: 'byte' }, 'Byte'],
    [{ type: 'string', format: 'binary' }, 'String'],
    [{ type: 'string', format: 'unheard-of' }, 'String'],
    [{ type: 'string', format: 'int64' }, 'String'],
    [{ type: 'integer', format: 'int32' }, 'Int'],
    [{ type: 'integer', format: 'int64' }, 'BigInt'],
    [{ type: 'integer' }, 'SafeInt'],
    [{ type: 'integer', minimum: 1, maximum: 100 }, 'Int'],
    [{ type: 'integer', minimum: 1, maximum: 4_000_000_000 }, 'SafeInt'],
    [{ type: 'number' }, 'Float'],
    [{ type: ['integer', 'number'] }, 'Float'],
    [{ type: 'boolean' }, 'Boolean'],
    [{ type: ['string', 'null'] }, 'String'],
    [{ type: ['string', 'integer'] }, 'JSON'],
    [{ const: 'fixed' }, 'String'],
    [{ const: 3 }, 'SafeInt'],
    [{ pattern: '.*' }, 'JSON'],
    [{}, 'JSON'],
    [true, 'JSON'],
    [{ type: 'object' }, 'JSON'],
    [{ type: 'array' }, '[JSON]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, '[JSON]'],
    [{ type: 'array', items: { type: 'array', items: { type: 'string' } } }, '[[String]]'],
  ])('%j is %s', async (schema, wanted) => {
    expect(await typeOfProperty(schema)).toBe(wanted);
  });
});

test('a value that does not keep to its format is not lost', () => {
  expect(restScalars.get('DateTime')?.serialize('2019-01-01 00:00:00')).toBe('2019-01-01 00:00:00');
  expect(restScalars.get('EmailAddress')?.serialize('nobody')).toBe('nobody');
  expect(restScalars.get('URL')?.serialize('/relative')).toBe('/relative');
});

test('an argument of a strict format is checked and goes out as it came', () => {
  const dateTime = restScalars.get('DateTime');
  expect(dateTime?.parseValue('2019-01-01T00:00:00+02:00')).toBe('2019-01-01T00:00:00+02:00');
  expect(() => dateTime?.parseValue('tomorrow')).toThrow(/DateTime expects/);
  expect(() => dateTime?.parseValue(5)).toThrow(/expects a string; got 5/);
  expect(() => restScalars.get('Date')?.parseValue('2019-1-1')).toThrow(/year-month-day/);
  expect(() => restScalars.get('UUID')?.parseValue('x')).toThrow();
});

test('64-bit integers pass without loss', () => {
  const bigInt = restScalars.get('BigInt');
  expect(bigInt?.serialize(9007199254740993n)).toBe('9007199254740993');
  expect(bigInt?.serialize(42n)).toBe(42);
  expect(bigInt?.parseValue('9007199254740993')).toBe(9007199254740993n);
  expect(bigInt?.parseValue(42)).toBe(42);
  expect(() => bigInt?.parseValue(1.5)).toThrow(/whole number/);
  expect(() => bigInt?.parseValue('x')).toThrow(/whole number/);
});

test('files in requests are base64 text', async () => {
  const schema = { type: 'object', properties: { file: { type: 'string', format: 'binary' } } };
  const description = await describeDocument(
    openapi({
      '/f': {
        post: { operationId: 'upload', requestBody: { content: { 'multipart/form-data': { schema } } }, responses: {} },
      },
    }),
  );
  expect(fieldType(description, 'ShopUploadInput', 'file')).toBe('File');
  expect(operation(description, 'upload').body).toMatchObject({
    encoding: 'multipart',
    properties: { file: { file: true } },
  });
});
