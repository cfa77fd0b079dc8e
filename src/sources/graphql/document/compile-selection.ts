import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Selection } from '../../source.ts';
import { Conditions } from './condition.ts';
import { type LeafKind, Leaves } from './leaves.ts';
import { printType, printValue, variableName } from './print-value.ts';

/** The source's own types, which are all that its upstream can be asked for. */
export interface SelectableTypes {
  readonly schema: GraphQLSchema;
  readonly upstreamNames: ReadonlyMap<string, string>;
}

/** A client's selection below one field, in the words of the upstream. */
export interface CompiledSelection {
  /** ` { … }`, or '' for a leaf. */
  readonly text: string;
  /** Definitions of the fragments it spreads, by name. */
  readonly fragments: ReadonlyMap<string, string>;
  /** The client's variables that it uses, each with its declaration. */
  readonly variables: ReadonlyMap<string, string>;
  /** All of it in one text: equal for equal selections. */
  readonly key: string;
  /** What its leaves are, by response key, '' for the field itself; undefined when none may have an integer beyond 2^53. */
  readonly leaves: ReadonlyMap<string, LeafKind> | undefined;
  /** It holds only while the variables that decided on parts of it have these values. */
  readonly conditions: ReadonlyMap<string, unknown>;
}

/**
 * Writes a client's selection for the upstream: type names translated, `@skip` and `@include` decided, `__typename`
 * asked for wherever a type is to be found out, fields that other sources answer left out. Aliases stay, fragments
 * stay fragments: what it writes is never longer than a few times what the client wrote.
 */
export function compileSelection(
  selection: Selection,
  answerType: GraphQLNamedType,
  types: SelectableTypes,
): CompiledSelection {
  return new SelectionWriter(selection, types).write(answerType);
}

class SelectionWriter {
  readonly #selection: Selection;
  readonly #types: SelectableTypes;
  readonly #conditions: Conditions;
  readonly #fragments = new Map<string, string>();
  readonly #variables = new Map<string, string>();
  readonly #leaves = new Leaves();

  constructor(selection: Selection, types: SelectableTypes) {
    this.#selection = selection;
    this.#types = types;
    this.#conditions = new Conditions(selection.variableValues);
  }

  write(answerType: GraphQLNamedType): CompiledSelection {
    const sets = this.#selection.fieldNodes.flatMap((node) => node.selectionSet ?? []);
    if (!isCompositeType(answerType)) this.#leaves.note('', answerType);
    const text = isCompositeType(answerType) ? ` ${this.#set(sets, answerType, isAbstractType(answerType))}` : '';
    const key = [text, ...this.#variables.values(), ...this.#fragments.values()].join('\n');
    const { read: conditions } = this.#conditions;
    const leaves = this.#leaves.found;
    return { text, fragments: this.#fragments, variables: this.#variables, key, leaves, conditions };
  }

  #set(sets: readonly SelectionSetNode[], type: GraphQLNamedType, needsTypename: boolean): string {
    const parts = needsTypename ? ['__typename'] : [];
    for (const { selections } of sets) {
      for (const node of selections) {
        const part = this.#conditions.isIncluded(node) ? this.#part(node, type) : undefined;
        if (part !== undefined) parts.push(part);
      }
    }
    return parts.length === 0 ? '{__typename}' : `{${parts.join(' ')}}`;
  }

  #part(node: SelectionSetNode['selections'][number], type: GraphQLNamedType): string | undefined {
    switch (node.kind) {
      case Kind.FIELD:
        return this.#field(node, type);
      case Kind.INLINE_FRAGMENT: {
        const condition = node.typeCondition?.name.value;
        if (condition === undefined) return `...${this.#set([node.selectionSet], type, false)}`;
        const named = this.#types.schema.getType(condition);
        if (named === undefined) return undefined;
        return `...on ${this.#upstreamName(condition)}${this.#set([node.selectionSet], named, false)}`;
      }
      case Kind.FRAGMENT_SPREAD: {
        const { value: name } = node.name;
        return this.#fragment(name) ? `...${name}` : undefined;
      }
      default: {
        const never: never = node;
        return never;
      }
    }
  }

  /** The graph knows each object's type and answers `__typename` by itself. */
  #field(node: FieldNode, type: GraphQLNamedType): string | undefined {
    const { name, alias, arguments: args = [], selectionSet } = node;
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined;
    if (field === undefined) return undefined;
    let text = alias === undefined ? name.value : `${alias.value}:${name.value}`;
    if (args.length > 0) {
      const printed = args.map((arg) => `${arg.name.value}:${printValue(arg.value, (used) => this.#use(used))}`);
      text += `(${printed.join(' ')})`;
    }
    const below = getNamedType(field.type);
    if (!isCompositeType(below)) {
      this.#leaves.note(alias?.value ?? name.value, below);
      return text;
    }
    return text + this.#set(selectionSet === undefined ? [] : [selectionSet], below, isAbstractType(below));
  }

  #fragment(name: string): boolean {
    if (this.#fragments.has(name)) return true;
    const definition = this.#selection.fragments[name];
    const condition = definition?.typeCondition.name.value ?? '';
    const type = this.#types.schema.getType(condition);
    if (definition === undefined || type === undefined) return false;
    // Kept at once, so that a fragment which contains itself, which validation refuses, ends here all the same.
    this.#fragments.set(name, '');
    const set = this.#set([definition.selectionSet], type, false);
    this.#fragments.set(name, `fragment ${name} on ${this.#upstreamName(condition)}${set}`);
    return true;
  }

  #use(name: string): void {
    if (this.#variables.has(name)) return;
    const definition = this.#selection.operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    if (definition === undefined) return;
    const fallback = definition.defaultValue === undefined ? '' : `=${printValue(definition.defaultValue, () => {})}`;
    const type = printType(definition.type, this.#types.upstreamNames);
    this.#variables.set(name, `$${variableName(name)}:${type}${fallback}`);
  }

  #upstreamName(name: string): string {
    return this.#types.upstreamNames.get(name) ?? name;
  }
}
