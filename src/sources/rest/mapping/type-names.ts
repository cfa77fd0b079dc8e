import { isObject, type JsonObject, ownObject } from '../openapi/json.ts';
import { at, segmentsOf } from '../openapi/pointer.ts';
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
  /** Names of components that a type bears by now: most components are never arguments, some never answers. */
  readonly #given = new Set<string>();
  readonly #warnings: Warnings;
  /** Types that are the graph's own: never prefixed. */
  readonly #entities: ReadonlySet<string>;

  constructor(namespace: string, document: JsonObject, warnings: Warnings, entities: ReadonlySet<string> = new Set()) {
    this.#warnings = warnings;
    this.#entities = entities;
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
    );
  }

  #settle(names: readonly string[]): void {
    // Who needs no change keeps its name against those who do.
    const exactFirst = [
      ...names.filter((name) => pascalCase(name) === name),
      ...names.filter((name) => pascalCase(name) !== name),
    ];
    for (const name of exactFirst) {
      const wanted = this.#outputName(pascalCase(name) || 'Schema');
      const taken = this.#scope.take(validStart(wanted));
      this.#outputs.set(at('/components/schemas', name), taken);
      if (taken !== wanted) {
        this.#warnings.add(
          'RENAMED',
          at('/components/schemas', name),
          `${wanted} is taken or reserved; the type is ${taken}.`,
        );
      }
    }
  }

  /** Gives the type of a schema another name than its own, or than where it stands would. */
  override(pointer: string, name: string): void {
    this.#outputs.set(pointer, this.#scope.take(this.#outputName(name)));
  }

  /** Name of an object, union or enum that answers contain. `hint` is for schemas without a name of their own. */
  output(view: SchemaView, hint: string): string {
    const name = this.#outputs.get(view.pointer);
    const own = this.#ownName(view) ?? hint;
    // Of several schemas of an entity's name the first is the entity, in the order of the document.
    if (name === undefined && this.#entities.has(own) && !this.#scope.has(own)) return this.#scope.take(own);
    return name === undefined ? this.inline(own) : this.#give(name, `${name}Output`, view);
  }

  /** Name of an input type; ends in Input. */
  input(view: SchemaView, hint: string): string {
    const output = this.#outputs.get(view.pointer);
    if (output?.endsWith('Input') === true) return this.#give(output, `${output}Input`, view);
    if (output === undefined) return this.inline(`${(this.#ownName(view) ?? hint).replace(/Input$/, '')}Input`);
    const wanted = `${this.#entities.has(output) ? this.prefix : ''}${output}Input`;
    const taken = this.#scope.take(wanted);
    if (taken !== wanted) {
      this.#warnings.add('RENAMED', view.pointer, `${wanted} is taken; the input type is ${taken}.`);
    }
    return taken;
  }

  #outputName(name: string): string {
    return this.#entities.has(name) ? name : this.prefix + name;
  }

  /** A name that was settled for a component goes to one type only; a second one gets `otherwise`. */
  #give(name: string, otherwise: string, view: SchemaView): string {
    if (!this.#given.has(name)) {
      this.#given.add(name);
      return name;
    }
    const taken = this.#scope.take(otherwise);
    this.#warnings.add(
      'RENAMED',
      view.pointer,
      `${name} is taken by another form of the same schema; this one is ${taken}.`,
    );
    return taken;
  }

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
