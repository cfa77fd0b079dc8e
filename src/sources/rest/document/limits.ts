/** Largest document taken, in bytes of text: larger ones are no description but an accident or an attack. */
export const MAX_DOCUMENT_BYTES = 50 * 1024 * 1024;

/** Characters above which a document is read in a worker thread, so that traffic is not held up. */
export const INLINE_CHARACTERS = 200_000;

/** The same for YAML, which takes a hundred times as long to parse. */
export const INLINE_YAML_CHARACTERS = 20_000;

/** Deepest nesting taken. The deepest real document we know has 40 levels. */
export const MAX_NESTING = 500;

/** Copies that YAML aliases may expand to in sum (`maxAliasCount` of the yaml package). */
export const MAX_YAML_ALIASES = 1_000;

/** JSON values a document may hold after aliases are expanded. */
export const MAX_VALUES = 20_000_000;

/** Documents brought in by external references. */
export const MAX_EXTERNAL_DOCUMENTS = 200;

/** Milliseconds for fetching one document. */
export const FETCH_TIMEOUT_MS = 30_000;

/** Redirects followed when fetching a document. */
export const FETCH_REDIRECTS = 3;

/** Milliseconds the reading worker may take, and its heap in megabytes. */
export const WORKER_TIMEOUT_MS = 120_000;
export const WORKER_HEAP_MB = 2_048;

/** Problems listed at most; a note says how many more there are. */
export const MAX_PROBLEMS = 200;
