import { type GraphQLNamedType, getNamedType } from 'graphql';
import type { Selection } from '../../source.ts';
import type { GraphQLOperation } from '../describe/plan.ts';
import { type CompiledSelection, compileSelection, type SelectableTypes } from './compile-selection.ts';
import { defaultSelection } from './default-selection.ts';

/** Variants kept of one selection: each combination of what `@skip` and `@include` read has its own. */
const MAX_VARIANTS = 8;

interface Variant {
  readonly type: GraphQLNamedType;
  readonly compiled: CompiledSelection;
}

/**
 * The compiled selections of one source. An executor that plans its documents gives the same nodes for the same field
 * of the same document, so each is compiled once; it is forgotten with the document.
 */
export class Selections {
  readonly #types: SelectableTypes;
  readonly #compiled = new WeakMap<Selection['fieldNodes'], Variant[]>();
  readonly #defaults = new Map<string, CompiledSelection>();

  constructor(types: SelectableTypes) {
    this.#types = types;
  }

  of(operation: GraphQLOperation, selection: Selection | undefined): CompiledSelection {
    const type = getNamedType(operation.answerType);
    if (selection === undefined) return this.#default(type);
    const variants = this.#compiled.get(selection.fieldNodes) ?? [];
    const known = variants.find((variant) => variant.type === type && holds(variant.compiled, selection));
    if (known !== undefined) return known.compiled;
    const compiled = compileSelection(selection, type, this.#types);
    this.#compiled.set(selection.fieldNodes, [{ type, compiled }, ...variants.slice(0, MAX_VARIANTS - 1)]);
    return compiled;
  }

  #default(type: GraphQLNamedType): CompiledSelection {
    let selection = this.#defaults.get(type.name);
    if (selection === undefined) {
      selection = defaultSelection(type);
      this.#defaults.set(type.name, selection);
    }
    return selection;
  }
}

function holds({ conditions }: CompiledSelection, { variableValues }: Selection): boolean {
  for (const [name, value] of conditions) if (variableValues[name] !== value) return false;
  return true;
}
