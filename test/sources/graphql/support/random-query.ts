import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** The same query in two naming schemes. */
export interface RandomQuery {
  readonly direct: string;
  readonly viaWeir: string;
  readonly variables: Record<string, unknown>;
}

export interface Naming {
  /** Of a type of the upstream in the graph. */
  readonly graphName: (name: string) => string;
  readonly namespace: string;
}

const MAX_DEPTH = 5;
/** Fields of one selection, by depth: wide at the top, narrow below, so that a query is a page and not a book. */
const MOST_FIELDS = [3, 4, 3, 2, 1, 1];

/** A valid query for a schema: aliases, arguments, variables, fragments, conditions and all. */
export function randomQuery(gen: GeneratorValue, schema: GraphQLSchema, naming: Naming): RandomQuery {
  return new QueryWriter(gen, schema, naming).write();
}

/** Text with type names in marks, until it is known whose names they are. */
const mark = (name: string): string => `«${name}»`;

class QueryWriter {
  readonly #gen: GeneratorValue;
  readonly #schema: GraphQLSchema;
  readonly #naming: Naming;
  readonly #declarations: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #names = 0;

  constructor(gen: GeneratorValue, schema: GraphQLSchema, naming: Naming) {
    this.#gen = gen;
    this.#schema = schema;
    this.#naming = naming;
  }

  write(): RandomQuery {
    const query = this.#schema.getQueryType();
    const all = Object.values(query?.getFields() ?? {});
    const fields = Array.from({ length: this.#number(1, MOST_FIELDS[0] ?? 1) }, () =>
      this.#field(this.#pick(all), 0, true),
    );
    const declared = this.#declarations.length === 0 ? '' : `(${this.#declarations.join(', ')})`;
    const { namespace, graphName } = this.#naming;
    const inner = fields.join(' ');
    const whole = namespace === '' ? inner : `${namespace} { ${inner} }`;
    const text = (of: string): string => [`query${declared} { ${of} }`, ...this.#fragments].join('\n');
    return {
      direct: text(inner).replaceAll(/«(\w+)»/g, '$1'),
      viaWeir: text(whole).replaceAll(/«(\w+)»/g, (_, name: string) => graphName(name)),
      variables: this.#variables,
    };
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number, alwaysAlias: boolean): string {
    const args = field.args.filter((arg) => isRequiredArgument(arg) || this.#chance(50));
    // Two fields of one key must be the same: those with arguments get a key of their own.
    const alias = alwaysAlias || field.args.length > 0 || this.#chance(30) ? `${this.#name('k')}: ` : '';
    const given = args.length === 0 ? '' : `(${args.map((arg) => this.#argument(arg)).join(', ')})`;
    return `${alias}${field.name}${given}${this.#condition()}${this.#below(field.type, depth)}`;
  }

  #below(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    return isCompositeType(named) ? ` ${this.#set(named, depth + 1, false)}` : '';
  }

  #set(type: GraphQLNamedType, depth: number, alwaysAlias: boolean): string {
    const parts = [`${this.#name('t')}: __typename`];
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const usable = depth < MAX_DEPTH ? fields : fields.filter((field) => !isCompositeType(getNamedType(field.type)));
    const count = usable.length === 0 ? 0 : this.#number(1, MOST_FIELDS[depth] ?? 1);
    for (let i = 0; i < count; i++) parts.push(this.#field(this.#pick(usable), depth, alwaysAlias));
    if (depth < MAX_DEPTH && this.#chance(fields.length === 0 ? 95 : 40)) {
      parts.push(this.#fragment(type, depth));
    }
    return `{ ${parts.join(' ')} }`;
  }

  /** On the type itself, one of its possible types, or an interface that they share. */
  #fragment(type: GraphQLNamedType, depth: number): string {
    const possible = isObjectType(type) ? [type] : this.#schema.getPossibleTypes(type as never);
    const object = this.#pick(possible);
    const condition = this.#pick<GraphQLNamedType>([type, object, object, ...object.getInterfaces()]);
    const set = this.#set(condition, depth + 1, true);
    if (this.#chance(30)) {
      const name = this.#name('F');
      this.#fragments.push(`fragment ${name} on ${mark(condition.name)} ${set}`);
      return `...${name}${this.#condition()}`;
    }
    if (condition === type && this.#chance(30)) return `...${this.#condition()} ${set}`;
    return `... on ${mark(condition.name)}${this.#condition()} ${set}`;
  }

  #condition(): string {
    if (!this.#chance(12)) return '';
    const holds = this.#chance(60);
    const directive = this.#chance(50) ? 'include' : 'skip';
    if (this.#chance(40)) return ` @${directive}(if: ${holds})`;
    return ` @${directive}(if: ${this.#variable('Boolean!', holds, '')})`;
  }

  #argument({ name, type, defaultValue }: GraphQLArgument): string {
    if (this.#chance(40)) {
      const { text, value } = this.#value(type, 0);
      const declared = typeText(type);
      const fallback = this.#chance(25) ? ` = ${text}` : '';
      // A nullable variable may stand for what is not, where a default makes up for it: its own, or the argument's.
      const hasDefault = defaultValue !== undefined || fallback !== '';
      const loose = isNonNullType(type) && hasDefault && this.#chance(50);
      const left = fallback !== '' && this.#chance(50);
      const nullable = loose ? declared.slice(0, -1) : declared;
      return `${name}: ${this.#variable(nullable, left ? undefined : value, fallback)}`;
    }
    return `${name}: ${this.#value(type, 0, true).text}`;
  }

  /** A value as literal and as JSON. With `mayHoldVariables` parts of the literal are variables. */
  #value(type: GraphQLInputType, depth: number, mayHoldVariables = false): { text: string; value: unknown } {
    if (isNonNullType(type)) return this.#present(type.ofType, depth, mayHoldVariables);
    if (this.#chance(10)) return { text: 'null', value: null };
    return this.#present(type, depth, mayHoldVariables);
  }

  #present(type: GraphQLInputType, depth: number, mayHoldVariables: boolean): { text: string; value: unknown } {
    if (isNonNullType(type)) return this.#present(type.ofType, depth, mayHoldVariables);
    if (mayHoldVariables && depth > 0 && this.#chance(20)) {
      const { value } = this.#present(type, depth, false);
      return { text: this.#variable(`${typeText(type)}!`, value, ''), value };
    }
    if (isListType(type)) {
      const items = Array.from({ length: this.#number(0, 2) }, () =>
        this.#value(type.ofType, depth + 1, mayHoldVariables),
      );
      return { text: `[${items.map(({ text }) => text).join(', ')}]`, value: items.map(({ value }) => value) };
    }
    if (isEnumType(type)) {
      const { name } = this.#pick(type.getValues());
      return { text: name, value: name };
    }
    if (isInputObjectType(type)) {
      const all = Object.values(type.getFields());
      const fields = type.isOneOf
        ? [this.#pick(all)]
        : all.filter((field) => isNonNullType(field.type) || (depth < 3 && this.#chance(40)));
      const entries = fields.map((field) => {
        const present = type.isOneOf ? this.#present(field.type, depth + 1, false) : undefined;
        return [field.name, present ?? this.#value(field.type, depth + 1, mayHoldVariables)] as const;
      });
      return {
        text: `{ ${entries.map(([name, { text }]) => `${name}: ${text}`).join(', ')} }`,
        value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
      };
    }
    return this.#scalar(type.name);
  }

  #scalar(name: string): { text: string; value: unknown } {
    const text = this.#pick(['', 'a', 'Ünïcode \u{1F4D6}', 'with "quotes" and \\', 'line\nbreak', '1']);
    switch (name) {
      case 'Int':
        return same(this.#number(-3, 1000));
      case 'Float':
        return same(this.#number(-3, 1000) / 4);
      case 'Boolean':
        return same(this.#chance(50));
      case 'DateTime':
        return same(this.#pick(['2026-01-31T12:00:00Z', '1999-12-31']));
      case 'JSON':
        return {
          text: `{ a: [1, ${JSON.stringify(text)}, null], b: { c: true } }`,
          value: { a: [1, text, null], b: { c: true } },
        };
      default:
        return same(text);
    }
  }

  #variable(type: string, value: unknown, fallback: string): string {
    const name = this.#name('v');
    this.#declarations.push(`$${name}: ${type}${fallback}`);
    if (value !== undefined) this.#variables[name] = value;
    return `$${name}`;
  }

  #name(start: string): string {
    return `${start}${this.#names++}`;
  }

  #number(least: number, most: number): number {
    return this.#gen(fc.integer, { min: least, max: most });
  }

  #chance(percent: number): boolean {
    return this.#number(0, 99) < percent;
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#number(0, items.length - 1)];
    if (item === undefined) throw new Error('There must be something to pick from.');
    return item;
  }
}

function same(value: unknown): { text: string; value: unknown } {
  return { text: JSON.stringify(value), value };
}

function typeText(type: GraphQLInputType): string {
  if (isNonNullType(type)) return `${typeText(type.ofType)}!`;
  if (isListType(type)) return `[${typeText(type.ofType)}]`;
  return mark(type.name);
}
