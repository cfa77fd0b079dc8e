import type { Problem } from '../../../errors/index.ts';
import { collectOperations, isSelected } from '../mapping/collect.ts';
import { Warnings } from '../mapping/warnings.ts';
import type { JsonObject } from '../openapi/json.ts';
import { originalPointer } from '../openapi/original-pointer.ts';
import { bundle, type FetchText } from './bundle.ts';
import { checkDocument } from './check-document.ts';
import { Findings, type ReadWarning } from './findings.ts';
import { parseText } from './text.ts';
import { upgrade } from './upgrade.ts';
import { recognise } from './version.ts';

export type Prepared =
  | {
      readonly ok: true;
      /** OpenAPI 3.1, complete in itself. */
      readonly document: JsonObject;
      readonly version: string;
      readonly warnings: readonly ReadWarning[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a document is read from. Plain data, for it may go to another thread. */
export interface PrepareInput {
  readonly text: string;
  readonly url: string | undefined;
  /** As the registration has them. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** The heavy part of reading: text in, complete OpenAPI 3.1 document out. Runs here or in a worker thread. */
export async function prepare(
  { text, url, include = [], exclude = [] }: PrepareInput,
  fetchText: FetchText,
): Promise<Prepared> {
  const parsed = parseText(text);
  if (!parsed.ok) return parsed;
  const recognised = recognise(parsed.document);
  if (!recognised.ok) return { ok: false, problems: [{ path: recognised.path, message: recognised.message }] };
  const findings = new Findings();
  await bundle(parsed.document, url, fetchText, findings);
  const document = upgrade(parsed.document, recognised.dialect, findings);
  checkDocument(document, findings, leftOut(document, include, exclude));
  const { version } = recognised;
  const problems = findings.problems.map((problem) => ({ ...problem, path: originalPointer(problem.path, version) }));
  if (problems.length > 0) return { ok: false, problems };
  const warnings = findings.warnings.map((warning) => ({ ...warning, path: originalPointer(warning.path, version) }));
  return { ok: true, document: unshared(document), version, warnings };
}

/** Pointers of the operations that the registration does not want. */
function leftOut(document: JsonObject, include: readonly string[], exclude: readonly string[]): ReadonlySet<string> {
  if (include.length === 0 && exclude.length === 0) return new Set();
  const operations = collectOperations({ document, operations: [] }, new Warnings());
  return new Set(operations.filter(({ name }) => !isSelected(name, include, exclude)).map(({ pointer }) => pointer));
}

/**
 * The document as it is once stored and read again. YAML aliases and upgrading leave objects that stand in several
 * places at once; the mapping would take them for one thing now, and for several after a restart.
 */
function unshared(document: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(document)) as JsonObject;
}
