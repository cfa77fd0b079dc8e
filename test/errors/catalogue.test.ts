import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ERROR_CODES } from '../../src/errors/index.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (yes|no) \|$/gm)];

describe('docs/errors.md', () => {
  test('lists exactly the codes of the catalogue, in its order', () => {
    expect(rows.map(([, code]) => code)).toEqual(Object.keys(ERROR_CODES));
  });

  test.each(Object.entries(ERROR_CODES))('%s means there what it means here', (code, { meaning, retryable }) => {
    const row = rows.find(([, name]) => name === code);
    expect([row?.[2], row?.[3]]).toEqual([meaning, retryable ? 'yes' : 'no']);
  });
});
