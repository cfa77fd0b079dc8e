import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import {
  isEnumType,
  isInputObjectType,
  isObjectType,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { type AdminServices, createAdminSchema } from '../../../src/resolvers/index.ts';

// Nothing is called: building the schema must not need the services.
const schema = await createAdminSchema({} as AdminServices);
const file = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

describe('the admin API', () => {
  test('is what docs/admin-api.graphql says (npm run generate writes it)', () => {
    expect(file('admin-api.graphql').replace(/^#.*\n\n/, '')).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
  });

  test('explains every type, field, argument and value', () => {
    const silent: string[] = [];
    const look = (place: string, thing: { readonly description?: string | null | undefined }): void => {
      if (!thing.description) silent.push(place);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      if (!['Query', 'Mutation'].includes(type.name)) look(type.name, type);
      if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) look(`${type.name}.${field.name}`, field);
      }
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        look(`${type.name}.${field.name}`, field);
        for (const arg of field.args) look(`${type.name}.${field.name}(${arg.name})`, arg);
      }
    }
    expect(silent).toEqual([]);
  });

  test('has all the fields for sources that the design names', () => {
    const names = (type: string): readonly string[] => {
      const found = schema.getType(type);
      return isObjectType(found) ? Object.keys(found.getFields()) : [];
    };
    expect(names('Query').toSorted()).toEqual([
      'auditLog',
      'budgets',
      'graph',
      'keys',
      'me',
      'models',
      'providers',
      'source',
      'sources',
    ]);
    expect(names('Mutation')).toEqual(
      expect.arrayContaining(
        ['registerSource', 'reviseSource', 'checkSource', 'publishSource', 'rollbackSource', 'deprecateSource'].concat([
          'retireSource',
          'deleteSource',
          'pauseSource',
          'resumeSource',
          'setPolicy',
          'isolateEndpoint',
          'resetBreaker',
          'purgeCache',
          'setProvider',
          'removeProvider',
          'setBudget',
          'removeBudget',
          'createKey',
          'revokeKey',
        ]),
      ),
    );
  });

  test('takes every operation of docs/admin-operations.graphql', () => {
    expect(validate(schema, parse(file('admin-operations.graphql'))).map(({ message }) => message)).toEqual([]);
  });
});
