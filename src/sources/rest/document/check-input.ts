import type { Problem } from '../../../errors/index.ts';
import { checkCredentials } from '../../shared/check-credentials.ts';
import { checkEndpoints } from '../../shared/check-endpoints.ts';
import { checkNeverSent } from '../../shared/check-never-sent.ts';
import { checkUrl } from '../../shared/check-url.ts';
import type { RestInput } from '../definition.ts';
import { checkPagination } from '../pagination/check-pagination.ts';
import { MAX_DOCUMENT_BYTES } from './limits.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** What is wrong with registration input before any document is looked at. Paths are those of the mutation. */
export function checkInput(input: RestInput, sourceName: string): Problem[] {
  return [
    ...checkDocumentAndUrl(input),
    ...checkEndpoints(input.endpoints, 'input.rest.endpoints', 'base'),
    ...checkNames(input, sourceName),
    ...checkCredentials(input, 'input.rest'),
    ...checkNeverSent(input, 'input.rest'),
    ...checkPatterns(input),
    ...checkPages(input),
  ];
}

function checkDocumentAndUrl(input: RestInput): Problem[] {
  const { document, url } = input;
  if ((document === undefined) === (url === undefined)) {
    const came = document === undefined ? 'neither' : 'both';
    return [{ path: 'input.rest', message: `Expected exactly one of document and url; got ${came}.` }];
  }
  if (url !== undefined) return checkUrl(url, 'input.rest.url');
  const bytes = Buffer.byteLength(document ?? '');
  if (bytes > MAX_DOCUMENT_BYTES) return [{ path: 'input.rest.document', message: tooLarge(bytes) }];
  return [];
}

export function tooLarge(bytes: number | undefined): string {
  const limit = `${MAX_DOCUMENT_BYTES / 1024 / 1024} MB`;
  return `Expected a document of at most ${limit}; got ${bytes === undefined ? 'more' : `${(bytes / 1024 / 1024).toFixed(1)} MB`}.`;
}

function checkNames(input: RestInput, sourceName: string): Problem[] {
  const problems: Problem[] = [];
  const expect = 'Expected a GraphQL name: a letter, then letters, digits and _';
  if (!NAME.test(sourceName)) {
    problems.push({ path: 'input.name', message: `${expect}; got ${JSON.stringify(sourceName)}.` });
  }
  if (input.namespace !== undefined && input.namespace !== '' && !NAME.test(input.namespace)) {
    problems.push({
      path: 'input.rest.namespace',
      message: `${expect}, or ""; got ${JSON.stringify(input.namespace)}.`,
    });
  }
  const seen = new Set<string>();
  for (const [index, operation] of (input.operations ?? []).entries()) {
    const path = `input.rest.operations.${index}`;
    for (const key of ['field', 'type'] as const) {
      const name = operation[key];
      if (name !== undefined && !NAME.test(name)) {
        problems.push({ path: `${path}.${key}`, message: `${expect}; got ${JSON.stringify(name)}.` });
      }
    }
    if (seen.has(operation.operation)) {
      problems.push({
        path: `${path}.operation`,
        message: `Expected each operation once; ${JSON.stringify(operation.operation)} is there twice.`,
      });
    }
    seen.add(operation.operation);
  }
  return problems;
}

function checkPages(input: RestInput): Problem[] {
  return (input.operations ?? []).flatMap(({ pagination }, index) =>
    pagination === undefined ? [] : checkPagination(pagination, `input.rest.operations.${index}.pagination`),
  );
}

function checkPatterns(input: RestInput): Problem[] {
  return (['include', 'exclude'] as const).flatMap((key) =>
    (input[key] ?? []).flatMap((pattern, index) =>
      pattern.trim() === ''
        ? [
            {
              path: `input.rest.${key}.${index}`,
              message: 'Expected an operation id, with * for any run of characters; got nothing.',
            },
          ]
        : [],
    ),
  );
}
