import {
  buildASTSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  specifiedDirectives,
  validateSchema,
  visit,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import type { Problem } from '../../../errors/index.ts';
import type { EntityRelations, EntitySpec } from '../../entity/index.ts';
import type { Warning } from '../../source.ts';
import { type GivenSubgraph, givenSubgraph } from '../federation/given-subgraph.ts';

const PLACE = 'input.graphql.sdl';

export type ReadSdl =
  | {
      readonly ok: true;
      readonly schema: GraphQLSchema;
      readonly sdl: string;
      readonly warnings: readonly Warning[];
      /** Of a subgraph of Apollo Federation. */
      readonly entities?: readonly EntitySpec[];
      readonly relations?: EntityRelations;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads SDL and tells everything that is wrong with it, each with line and column. */
export function readSdl(text: string): ReadSdl {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error: unknown) {
    if (error instanceof GraphQLError) return { ok: false, problems: [problemOf(error)] };
    throw error;
  }
  const other = document.definitions.find(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
  );
  if (other !== undefined) {
    return {
      ok: false,
      problems: [{ path: placeOf(other.loc?.startToken), message: 'Expected SDL; got an operation.' }],
    };
  }
  let subgraph: GivenSubgraph | undefined;
  try {
    subgraph = givenSubgraph(document);
  } catch (error: unknown) {
    if (!(error instanceof GraphQLError)) throw error;
    return { ok: false, problems: [{ path: PLACE, message: `Expected @key to have fields; ${error.message}` }] };
  }
  const { known, warnings } = withoutUnknownDirectives(subgraph?.document ?? document);
  const errors = validateSDL(known);
  if (errors.length > 0) return { ok: false, problems: errors.map(problemOf) };
  let schema: GraphQLSchema;
  try {
    schema = buildASTSchema(known, { assumeValidSDL: true });
  } catch (error: unknown) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, problems: [{ path: PLACE, message }] };
  }
  const invalid = validateSchema(schema);
  if (invalid.length > 0) return { ok: false, problems: invalid.map(problemOf) };
  const read = { ok: true, schema, sdl: print(known) } as const;
  if (subgraph === undefined) return { ...read, warnings };
  const { entities, relations } = subgraph;
  return { ...read, warnings: [...warnings, ...subgraph.warnings], entities, relations };
}

/** Tools leave directives of their own in SDL without saying what they are; what they mean is theirs alone. */
function withoutUnknownDirectives(document: DocumentNode): { known: DocumentNode; warnings: readonly Warning[] } {
  const defined = new Set(specifiedDirectives.map(({ name }) => name));
  for (const definition of document.definitions) {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) defined.add(definition.name.value);
  }
  const unknown = new Map<string, Warning>();
  const known = visit(document, {
    [Kind.DIRECTIVE](node) {
      const { value: name } = node.name;
      if (defined.has(name)) return undefined;
      if (!unknown.has(name)) {
        const message = `@${name} is not defined in the SDL; it is left out.`;
        unknown.set(name, { kind: 'DIRECTIVE_LEFT_OUT', path: placeOf(node.loc?.startToken), message });
      }
      return null;
    },
  });
  return { known, warnings: [...unknown.values()] };
}

function problemOf(error: GraphQLError): Problem {
  const [location] = error.locations ?? [];
  return { path: placeOf(location), message: error.message };
}

/** In what was registered; without line and column for what the SDL does not have. */
export function placeOf(at: { readonly line: number; readonly column: number } | undefined): string {
  return at === undefined ? PLACE : `${PLACE}:${at.line}:${at.column}`;
}
