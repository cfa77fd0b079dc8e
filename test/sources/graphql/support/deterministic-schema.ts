import {
  buildSchema,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { canonicalJson } from '../../../../src/cache/index.ts';

/** What stands for an object: everything below follows from it. */
interface Seeded {
  readonly __typename: string;
  readonly seed: number;
}

export interface DeterministicOptions {
  /** One field in so many fails, with an error; 0: none. Never a root field. */
  readonly failOneIn?: number;
}

/**
 * An executable schema whose answers follow from the query alone: each value from where it stands and the arguments
 * of all fields above it. So two ways of asking for the same get the same, and only then.
 */
export function deterministicSchema(sdl: string, { failOneIn = 0 }: DeterministicOptions = {}): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type)) type.resolveType = (value: Seeded) => value.__typename;
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = (parent: Seeded | undefined, args) => {
        const seed = hash(`${parent?.seed ?? 'root'} ${field.name} ${canonicalJson(args)}`);
        if (parent?.seed !== undefined && failOneIn > 0 && seed % failOneIn === 0) {
          throw new GraphQLError('words of the upstream', { extensions: { code: 'SHELF_ON_FIRE' } });
        }
        return valueFor(schema, field.type, seed);
      };
    }
  }
  return schema;
}

function valueFor(schema: GraphQLSchema, type: GraphQLOutputType, seed: number): unknown {
  if (isNonNullType(type)) return present(schema, type.ofType, seed);
  return seed % 11 === 0 ? null : present(schema, type, seed);
}

function present(schema: GraphQLSchema, type: GraphQLOutputType, seed: number): unknown {
  if (isNonNullType(type)) return present(schema, type.ofType, seed);
  if (isListType(type)) {
    return Array.from({ length: seed % 4 }, (_, index) => valueFor(schema, type.ofType, hash(`${seed} ${index}`)));
  }
  if (isEnumType(type)) return pick(type.getValues(), seed).value;
  if (isScalarType(type)) return scalar(type.name, seed);
  const possible = isAbstractType(type) ? pick(schema.getPossibleTypes(type), seed) : type;
  return { __typename: possible.name, seed } satisfies Seeded;
}

function scalar(name: string, seed: number): unknown {
  switch (name) {
    case 'Int':
      return (seed % 2_000_000) - 1_000_000;
    case 'Float':
      return (seed % 1000) / 8;
    case 'Boolean':
      return seed % 2 === 0;
    case 'DateTime':
      return new Date(seed * 1000).toISOString();
    case 'JSON':
      return { seed, list: [seed % 7, null, 'é'] };
    case 'Money':
      return seed % 3 === 0 ? seed / 100 : `${seed}.00 EUR`;
    default:
      return `${name} ${seed} "quoted" \u{1F4DA}`;
  }
}

function pick<T>(items: readonly T[], seed: number): T {
  const item = items[seed % items.length];
  if (item === undefined) throw new Error('There must be something to pick from.');
  return item;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
