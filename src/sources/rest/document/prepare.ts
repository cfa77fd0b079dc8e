import type { Problem } from '../../../errors/index.ts';
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

/** The heavy part of reading: text in, complete OpenAPI 3.1 document out. Runs here or in a worker thread. */
export async function prepare(text: string, url: string | undefined, fetchText: FetchText): Promise<Prepared> {
  const parsed = parseText(text);
  if (!parsed.ok) return parsed;
  const recognised = recognise(parsed.document);
  if (!recognised.ok) return { ok: false, problems: [{ path: recognised.path, message: recognised.message }] };
  const findings = new Findings();
  await bundle(parsed.document, url, fetchText, findings);
  const document = upgrade(parsed.document, recognised.dialect, findings);
  checkDocument(document, findings);
  const { version } = recognised;
  const problems = findings.problems.map((problem) => ({ ...problem, path: originalPointer(problem.path, version) }));
  if (problems.length > 0) return { ok: false, problems };
  const warnings = findings.warnings.map((warning) => ({ ...warning, path: originalPointer(warning.path, version) }));
  return { ok: true, document: unshared(document), version, warnings };
}

/**
 * The document as it is once stored and read again. YAML aliases and upgrading leave objects that stand in several
 * places at once; the mapping would take them for one thing now, and for several after a restart.
 */
function unshared(document: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(document)) as JsonObject;
}
