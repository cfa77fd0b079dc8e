import { isObject, type JsonObject, ownObject } from '../document/json.ts';
import { at, segmentsOf } from '../document/pointer.ts';
import { NameScope, pascalCase } from './names.ts';
import { restScalars } from './scalars.ts';
import type { SchemaView } from './schema-view.ts';
import type { Warnings } from './warnings.ts';

/**
 * Names of types. Those of `components/schemas` are settled before anything is mapped, from the sorted list of
 * names alone, so that they do not depend on which operations are exposed or in what order they stand.
 */
export class TypeNames {
  readonly prefix: string;
  readonly query: string;
  readonly mutation: string;
  readonly #scope: NameScope;
  readonly #outputs = new Map<string, string>();
  readonly #inputs = new Map<string, string>();

  constructor(namespace: string, document: JsonObject, warnings: Warnings) {
    this.prefix = namespace === '' ? '' : pascalCase(namespace);
    this.query = `${this.prefix}Query`;
    this.mutation = `${this.prefix}Mutation`;
    // Scalars of the whole graph are never prefixed, so a flat source must keep off their names.
    this.#scope = new NameScope([this.query, this.mutation, ...restScalars.keys(), 'ID', 'Subscription']);
    const schemas = ownObject(ownObject(document, 'components') ?? {}, 'schemas') ?? {};
    this.#settle(
      Object.keys(schemas)
        .filter((name) => isObject(schemas[name]))
        .sort(),
      warnings,
    );
  }

  #settle(names: readonly string[], warnings: Warnings): void {
    // Who needs no change keeps its name against those who do.
    const exactFirst = [
      ...names.filter((name) => pascalCase(name) === name),
      ...names.filter((name) => pascalCase(name) !== name),
    ];
    for (const name of exactFirst) {
      const wanted = this.prefix + (pascalCase(name) || 'Schema');
      const taken = this.#scope.take(validStart(wanted));
      this.#outputs.set(at('/components/schemas', name), taken);
      if (taken !== wanted) {
        warnings.add(
          'RENAMED',
          at('/components/schemas', name),
          `${wanted} is taken or reserved; the type is ${taken}.`,
        );
      }
    }
    for (const name of exactFirst) {
      const pointer = at('/components/schemas', name);
      const output = this.#outputs.get(pointer) ?? '';
      // A name is only taken for good when its type is made: most types are never arguments.
      if (!output.endsWith('Input')) this.#inputs.set(pointer, `${output}Input`);
    }
  }

  /** Gives the type of a schema another name than its own, or than where it stands would. */
  override(pointer: string, name: string): void {
    this.#outputs.set(pointer, this.#scope.take(this.prefix + name));
  }

  /** Name of an object, union or enum that answers contain. `hint` is for schemas without a name of their own. */
  output(view: SchemaView, hint: string): string {
    return this.#outputs.get(view.pointer) ?? this.inline(this.#ownName(view) ?? hint);
  }

  /** Name of an input type; ends in Input. */
  input(view: SchemaView, hint: string, warnings: Warnings): string {
    const output = this.#outputs.get(view.pointer);
    if (output?.endsWith('Input') === true) {
      // Settled as this component's only name; as an answer it would bear the same, see `output`.
      const taken = this.#usedInputs.has(output) ? this.#scope.take(`${output}Input`) : output;
      this.#usedInputs.add(taken);
      return taken;
    }
    const wanted = this.#inputs.get(view.pointer) ?? `${this.prefix}${this.#ownName(view) ?? hint}Input`;
    const taken = this.#scope.take(validStart(wanted));
    if (taken !== wanted && this.#inputs.has(view.pointer)) {
      warnings.add('RENAMED', view.pointer, `${wanted} is taken; the input type is ${taken}.`);
    }
    return taken;
  }

  readonly #usedInputs = new Set<string>();

  /** A free name that begins with the prefix. */
  inline(hint: string): string {
    return this.#scope.take(validStart(this.prefix + (hint || 'Value')));
  }

  /** Schemas that came in from other documents are named like components: by where they stand there. */
  #ownName(view: SchemaView): string | undefined {
    const segments = segmentsOf(view.pointer);
    if (segments[0] !== 'x-documents') return undefined;
    const last = segments.at(-1) ?? '';
    const container = segments.at(-2) ?? '';
    if (segments.length === 2 || ['schemas', 'definitions', '$defs'].includes(container) || segments.length === 3) {
      return pascalCase(last) || undefined;
    }
    return undefined;
  }
}

function validStart(name: string): string {
  return /^[_A-Za-z]/.test(name) ? name : `_${name}`;
}
