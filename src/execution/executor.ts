import { type DocumentNode, type ExecutionResult, GraphQLError, getVariableValues } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { GraphView, RequestContext } from '../schema/index.ts';
import { checkLimits } from './check-limits.ts';
import { checkVariableDepth } from './check-variable-depth.ts';
import { DEFAULT_DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { type Measurement, measureOperation } from './measure-operation.ts';
import { plainVariables } from './plain-variables.ts';
import { type PreparedDocument, type PreparedOperation, prepareDocument } from './prepare-document.ts';
import { ReadyOperation } from './ready-operation.ts';
import { asRequestError } from './request-errors.ts';

export interface ExecutorOptions {
  /** Laid over DEFAULT_DOCUMENT_LIMITS. */
  readonly limits?: Partial<DocumentLimits>;
  /** Documents kept prepared, over all views. Default 1 000. */
  readonly maxDocuments?: number;
}

/** What a client asks, and the part of the graph that it may ask. */
export interface OperationRequest {
  readonly source: string;
  /** `source`, parsed, when somebody did that already. */
  readonly document?: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly view: GraphView;
}

/** One GraphQL request that came with a known caller. The view is of `context.graph`. */
export interface ExecutionRequest extends OperationRequest {
  readonly context: RequestContext;
}

export type Readiness =
  | { readonly ok: true; readonly operation: ReadyOperation }
  | { readonly ok: false; readonly errors: readonly GraphQLError[] };

export interface Executor {
  /**
   * Answers a request. Never rejects for anything a client can send; no upstream is touched before the document
   * is known to be valid and within all limits. A request that did not run has `errors` and no `data`.
   */
  execute(request: ExecutionRequest): Promise<ExecutionResult>;
  /** Everything that comes before an operation runs; for whoever runs it, or lets it run again and again. */
  ready(request: OperationRequest): Readiness;
  /** The same for one answer to a document that was prepared before; undefined for anything else, and for all refusals. */
  known(request: OperationRequest): ReadyOperation | undefined;
}

/** Characters of all documents kept; a syntax tree takes some twenty times as many bytes. */
const MAX_KEPT_CHARACTERS = 4_000_000;
/** Errors of variables told at once. */
const MAX_COERCION_ERRORS = 20;

export function createExecutor(options: ExecutorOptions = {}): Executor {
  const limits: DocumentLimits = { ...DEFAULT_DOCUMENT_LIMITS, ...options.limits };
  // Refused documents are not kept, so nobody can push the good ones out by sending nonsense.
  const documents = new LRUCache<string, PreparedDocument>({
    max: options.maxDocuments ?? 1000,
    maxSize: MAX_KEPT_CHARACTERS,
  });

  const ready = (request: OperationRequest): Readiness => {
    const { source, view } = request;
    const key = keyOf(request);
    let prepared = documents.get(key);
    if (prepared === undefined) {
      const preparation = prepareDocument(source, request.document, view.schema, limits);
      if (!preparation.ok) return preparation;
      prepared = preparation.prepared;
      documents.set(key, prepared, { size: source.length + 1 });
    }
    return readyWith(prepared, request);
  };

  const readyWith = (prepared: PreparedDocument, request: OperationRequest): Readiness => {
    const { view } = request;
    const operation = pickOperation(prepared, request.operationName);
    if (operation instanceof GraphQLError) return refused(operation);
    if (view.schema.getRootType(operation.node.operation) == null) {
      return refused(asRequestError(noSuchRoot(operation), 'GRAPHQL_VALIDATION_FAILED'));
    }

    const tooDeep = checkVariableDepth(request.variables);
    if (tooDeep.length > 0) return refused(...tooDeep);
    const variables = variableValues(operation, view, request.variables);
    if (variables.errors !== undefined) {
      return refused(...variables.errors.map((error) => asRequestError(error, 'BAD_USER_INPUT')));
    }
    const refusals = checkLimits(measured(prepared, operation, view, variables.coerced), limits);
    if (refusals.length > 0) return refused(...refusals);
    return { ok: true, operation: new ReadyOperation(view.schema, prepared, operation, variables.coerced) };
  };

  return {
    ready,
    known(request) {
      const prepared = documents.get(keyOf(request));
      if (prepared === undefined) return undefined;
      const readiness = readyWith(prepared, request);
      return readiness.ok && readiness.operation.kind !== 'subscription' ? readiness.operation : undefined;
    },
    async execute(request) {
      const readiness = ready(request);
      if (!readiness.ok) return { errors: readiness.errors };
      const { operation } = readiness;
      return operation.kind === 'subscription' ? { errors: [notOneAnswer()] } : operation.run(request.context);
    },
  };
}

/** Documents are prepared for one view each. */
function keyOf({ source, view }: OperationRequest): string {
  return `${view.id} ${source}`;
}

function refused(...errors: readonly GraphQLError[]): Readiness {
  return { ok: false, errors };
}

/** A subscription that came where one answer is all there can be. */
function notOneAnswer(): GraphQLError {
  return resolutionError(
    'A subscription has many answers: ask for it with the header accept: text/event-stream, ' +
      'or over a WebSocket with the protocol graphql-transport-ws.',
  );
}

/** GraphQL specification, section 6.1 GetOperation. */
function pickOperation(prepared: PreparedDocument, name: string | undefined): PreparedOperation | GraphQLError {
  const candidates = name ? prepared.operations.filter(({ node }) => node.name?.value === name) : prepared.operations;
  const [operation, another] = candidates;
  if (operation === undefined) {
    return resolutionError(name ? `Unknown operation named "${name}".` : 'The document must have an operation.');
  }
  if (another !== undefined) {
    return resolutionError('A document with several operations must come with the name of one.');
  }
  return operation;
}

/** No rule of validation speaks of this: without a root type there is no field to check. */
function noSuchRoot({ node }: PreparedOperation): GraphQLError {
  const message = `The graph, as this caller may see it, has no ${node.operation}s.`;
  return new GraphQLError(message, { nodes: node });
}

function variableValues(
  operation: PreparedOperation,
  { schema }: GraphView,
  given: OperationRequest['variables'],
): ReturnType<typeof getVariableValues> {
  const definitions = operation.node.variableDefinitions ?? [];
  operation.plainVariables ??= plainVariables(schema, definitions);
  const coerced = operation.plainVariables(given);
  return coerced === undefined
    ? getVariableValues(schema, definitions, given, { maxErrors: MAX_COERCION_ERRORS })
    : { coerced };
}

function resolutionError(message: string): GraphQLError {
  return asRequestError(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE');
}

function measured(
  prepared: PreparedDocument,
  operation: PreparedOperation,
  view: GraphView,
  variables: Readonly<Record<string, unknown>>,
): Measurement {
  if (operation.measurement !== undefined) return operation.measurement;
  const measurement = measureOperation(view.schema, operation.node, prepared.fragments, variables);
  if (!measurement.dependsOnVariables) operation.measurement = measurement;
  return measurement;
}
