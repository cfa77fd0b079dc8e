import { toJsonText } from '../../shared/json-text.ts';
import type { OperationDescription, Selection } from '../../source.ts';
import type { GraphQLOperation } from '../describe/plan.ts';
import type { CompiledSelection } from './compile-selection.ts';
import { variableName } from './print-value.ts';

/** One root field of a sub-request. */
export interface RootField {
  readonly operation: GraphQLOperation;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly selection: CompiledSelection;
  /** The client's variables. */
  readonly variables: Selection['variableValues'];
}

/** The key under which the upstream answers a sub-request's field. */
export function rootKey(index: number): string {
  return `f${index}`;
}

export interface SubRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * One request for some root fields of one kind. Arguments go as variables, so that the text is the same
 * whatever they are; of the client's variables only those that are used go along.
 *
 *     {"query":"query($a0_id:ID!){f0:item(id:$a0_id) {name}}","variables":{"a0_id":"1"}}
 */
export function subRequest(kind: OperationDescription['kind'], fields: readonly RootField[]): SubRequest {
  const declarations = new Map<string, string>();
  const fragments = new Map<string, string>();
  const variables: Record<string, unknown> = {};
  const parts: string[] = [];
  for (const [index, field] of fields.entries()) {
    parts.push(rootField(field, index, declarations, variables));
    for (const [name, text] of field.selection.fragments) fragments.set(name, text);
    for (const [name, declaration] of field.selection.variables) {
      declarations.set(variableName(name), declaration);
      if (field.variables[name] !== undefined) variables[variableName(name)] = field.variables[name];
    }
  }
  const declared = declarations.size === 0 ? '' : `(${[...declarations.values()].join(' ')})`;
  const query = `${kind}${declared}{${parts.join(' ')}}${[...fragments.values()].map((text) => `\n${text}`).join('')}`;
  return declarations.size === 0 ? { query } : { query, variables };
}

function rootField(
  { operation, arguments: given, selection }: RootField,
  index: number,
  declarations: Map<string, string>,
  variables: Record<string, unknown>,
): string {
  const args: string[] = [];
  for (const { name, type } of operation.upstreamArguments) {
    const value = given[name];
    if (value === undefined) continue;
    const variable = `a${index}_${name}`;
    declarations.set(variable, `$${variable}:${type}`);
    variables[variable] = value;
    args.push(`${name}:$${variable}`);
  }
  const list = args.length === 0 ? '' : `(${args.join(' ')})`;
  return `${rootKey(index)}:${operation.field}${list}${selection.text}`;
}

/**
 * A request as it is sent. Long integers of a document are bigints, which plain JSON does not know: rare enough to be
 * met by trying.
 */
export function bodyText(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (error: unknown) {
    if (error instanceof RangeError) throw error;
    return toJsonText(body);
  }
}
