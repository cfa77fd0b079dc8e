import { Kind, type SelectionNode } from 'graphql';

/** Evaluates `@skip` and `@include`, and remembers which variables it read: the outcome holds for equal values only. */
export class Conditions {
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #read = new Map<string, unknown>();

  constructor(variables: Readonly<Record<string, unknown>>) {
    this.#variables = variables;
  }

  get read(): ReadonlyMap<string, unknown> {
    return this.#read;
  }

  isIncluded(node: SelectionNode): boolean {
    for (const { name, arguments: args } of node.directives ?? []) {
      if (name.value !== 'skip' && name.value !== 'include') continue;
      const value = args?.find((argument) => argument.name.value === 'if')?.value;
      const holds =
        value?.kind === Kind.VARIABLE ? this.#variable(value.name.value) : value?.kind === Kind.BOOLEAN && value.value;
      if (name.value === 'skip' ? holds === true : holds !== true) return false;
    }
    return true;
  }

  #variable(name: string): unknown {
    const value = this.#variables[name];
    this.#read.set(name, value);
    return value;
  }
}
