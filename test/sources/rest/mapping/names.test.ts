import { describe, expect, test } from '@jest/globals';
import {
  camelCase,
  enumValueName,
  NameScope,
  pascalCase,
  safeName,
} from '../../../../src/sources/rest/mapping/names.ts';

describe('camelCase', () => {
  test.each([
    ['getItem', 'getItem'],
    ['get_item', 'getItem'],
    ['pets.list', 'petsList'],
    ['List pets', 'listPets'],
    ['GetPet', 'getPet'],
    ['APIVersion', 'apiVersion'],
    ['ID', 'id'],
    ['repos/get-content', 'reposGetContent'],
    ['3d-models', '_3dModels'],
    ['café', 'cafe'],
    ['!!!', ''],
  ])('%s becomes %s', (given, wanted) => {
    expect(camelCase(given)).toBe(wanted);
  });
});

describe('pascalCase', () => {
  test.each([
    ['simple-user', 'SimpleUser'],
    ['HTTPError', 'HTTPError'],
    ['Page«Pet»', 'PagePet'],
    ['api.v1.Pet', 'ApiV1Pet'],
  ])('%s becomes %s', (given, wanted) => {
    expect(pascalCase(given)).toBe(wanted);
  });
});

describe('safeName', () => {
  test.each([
    ['page_size', 'page_size'],
    ['X-Request-ID', 'X_Request_ID'],
    ['filter[name]', 'filter_name'],
    ['$top', '_top'],
    ['@odata.type', '_odata_type'],
    ['__typename', '_typename'],
    ['2fa', '_2fa'],
    ['+1', 'plus_1'],
    ['-1', 'minus_1'],
    ['---', 'fallback'],
    ['naïve', 'naive'],
  ])('%s becomes %s', (given, wanted) => {
    expect(safeName(given, 'fallback')).toBe(wanted);
  });
});

describe('enumValueName', () => {
  test.each([
    ['available', 'available'],
    ['in progress', 'in_progress'],
    ['true', 'TRUE'],
    ['', 'EMPTY'],
    [-1, 'MINUS_1'],
    ['+1', 'PLUS_1'],
    [1, '_1'],
    ['>=', 'GREATER_EQUAL'],
    ['-name', 'MINUS_name'],
    ['__x', '_x'],
  ])('%s becomes %s', (given, wanted) => {
    expect(enumValueName(given)).toBe(wanted);
  });

  test('tells values of other alphabets apart', () => {
    expect(enumValueName('да')).not.toBe(enumValueName('нет'));
  });
});

test('a scope hands out each name once', () => {
  const scope = new NameScope(['Pet']);
  expect([scope.take('Pet'), scope.take('Pet'), scope.take('V1'), scope.take('V1')]).toEqual([
    'Pet2',
    'Pet3',
    'V1',
    'V1_2',
  ]);
});
