import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { printSchema } from 'graphql';
import { prepare } from '../../../../src/sources/rest/document/prepare.ts';
import { parseText } from '../../../../src/sources/rest/document/text.ts';
import { recognise } from '../../../../src/sources/rest/document/version.ts';
import { collectOperations, Warnings } from '../../../../src/sources/rest/mapping/index.ts';
import { describeDocument } from './support.ts';

/** Documents that others have written, in each dialect, as JSON and as YAML. */
const root = dirname(createRequire(import.meta.url).resolve('@readme/oas-examples/package.json'));
const files = ['2.0', '3.0', '3.1'].flatMap((dialect) =>
  readdirSync(join(root, dialect), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(json|ya?ml)$/.test(file))
    .map((file) => join(dialect, file)),
);

/** No operation in them: nothing to put into a graph. */
const WITHOUT_OPERATIONS = /webhooks|openapi-workshop\/title/;

describe('documents of @readme/oas-examples', () => {
  test('are there', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  test.each(files)('%s', async (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const prepared = await prepare({ text, url: undefined }, () => Promise.resolve({ failure: 'no network.' }));
    if (WITHOUT_OPERATIONS.test(file)) {
      expect(prepared).toMatchObject({ ok: false, problems: [{ path: '/paths' }] });
      return;
    }
    if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems));
    const description = await describeDocument(prepared.document);
    const stored = JSON.parse(JSON.stringify(prepared.document)) as typeof prepared.document;
    const all = collectOperations({ document: prepared.document, operations: [] }, new Warnings());
    expect(description.operations.size).toBe(all.length);
    // Path items by reference count here, not there.
    expect(description.operations.size).toBeGreaterThanOrEqual(countOperations(text));
    expect(printSchema((await describeDocument(stored)).schema)).toBe(printSchema(description.schema));
  });
});

/** The operations of a document as it was written, before anything was done to it. */
function countOperations(text: string): number {
  const parsed = parseText(text);
  if (!parsed.ok || !recognise(parsed.document).ok) return 0;
  const paths = Object.values(parsed.document.paths ?? {}) as Record<string, unknown>[];
  const methods = /^(get|put|post|delete|patch|head|options|trace)$/;
  return paths.reduce((sum, item) => sum + Object.keys(item).filter((key) => methods.test(key)).length, 0);
}
