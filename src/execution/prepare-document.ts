import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { CompiledOperation } from './compiled/compile-operation.ts';
import { countDirectives, countTokens } from './count-syntax.ts';
import { hiddenFields } from './hidden-fields.ts';
import type { DocumentLimits } from './limits.ts';
import type { Measurement } from './measure-operation.ts';
import type { PlainVariables } from './plain-variables.ts';
import { asRequestError, tooComplex } from './request-errors.ts';

/** Validation stops here and says so: nobody reads more, and listing them is work too. */
const MAX_VALIDATION_ERRORS = 20;

/** A document that may run on one view. */
export interface PreparedDocument {
  readonly document: DocumentNode;
  readonly operations: readonly PreparedOperation[];
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

export interface PreparedOperation {
  readonly node: OperationDefinitionNode;
  /** Kept after the first time, when it is the same for all variables. */
  measurement: Measurement | undefined;
  /** Made when variables first come. */
  plainVariables: PlainVariables | undefined;
  /** Compiled when it first runs. */
  compiled: CompiledOperation | undefined;
}

export type Preparation =
  | { readonly ok: true; readonly prepared: PreparedDocument }
  | { readonly ok: false; readonly errors: readonly GraphQLError[] };

/** Everything that is the same whenever this document comes to this view. `parsed` saves parsing again. */
export function prepareDocument(
  source: string,
  parsed: DocumentNode | undefined,
  schema: GraphQLSchema,
  limits: DocumentLimits,
): Preparation {
  const tokens = countTokens(source, limits.tokens + 1);
  if (tokens !== undefined && tokens > limits.tokens) return refused(tooComplex('tokens', limits.tokens, tokens));

  let document: DocumentNode;
  try {
    document = parsed ?? parse(source);
  } catch (error: unknown) {
    if (error instanceof GraphQLError) return refused(asRequestError(error, 'GRAPHQL_PARSE_FAILED'));
    throw error;
  }
  const directives = countDirectives(document);
  if (directives > limits.directives) return refused(tooComplex('directives', limits.directives, directives));

  const wrong = validate(schema, document, specifiedRules, { maxErrors: MAX_VALIDATION_ERRORS });
  const invalid = wrong.length > 0 ? wrong : hiddenFields(schema, document).slice(0, MAX_VALIDATION_ERRORS);
  if (invalid.length > 0) return refused(...invalid.map((error) => asRequestError(error, 'GRAPHQL_VALIDATION_FAILED')));
  return { ok: true, prepared: { document, ...definitions(document) } };
}

function refused(...errors: readonly GraphQLError[]): Preparation {
  return { ok: false, errors };
}

function definitions(document: DocumentNode): Pick<PreparedDocument, 'operations' | 'fragments'> {
  const operations: PreparedOperation[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations.push({ node: definition, measurement: undefined, plainVariables: undefined, compiled: undefined });
    }
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return { operations, fragments };
}
