import {
  GraphQLBoolean,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Mapper } from '../mapping/mapper.ts';
import { pascalCase } from '../mapping/names.ts';
import { scalarNamed } from '../mapping/scalars.ts';
import type { PagePlan } from '../plan.ts';

/** The connection types of one source: one per type of node, so that fragments fit all fields that give it. */
export class ConnectionTypes {
  readonly #mapper: Mapper;
  readonly #sourceName: string;
  readonly #byNode = new Map<string, { readonly type: GraphQLObjectType; counted: boolean }>();
  #pageInfo: GraphQLObjectType | undefined;

  constructor(mapper: Mapper, sourceName: string) {
    this.#mapper = mapper;
    this.#sourceName = sourceName;
  }

  /** The connection over the list in an answer of this type. */
  of(answer: GraphQLOutputType, { items, total }: PagePlan): GraphQLObjectType {
    const node = itemType(answer, items);
    const key = String(node);
    let known = this.#byNode.get(key);
    if (known === undefined) {
      known = { type: this.#make(node, () => this.#byNode.get(key)?.counted === true), counted: false };
      this.#byNode.set(key, known);
    }
    known.counted ||= total !== undefined;
    return known.type;
  }

  #make(node: GraphQLOutputType, isCounted: () => boolean): GraphQLObjectType {
    const { names } = this.#mapper;
    const name = getNamedType(node).name;
    const own = name.startsWith(names.prefix) ? name.slice(names.prefix.length) : name;
    const wrapped = getNullableType(node) === getNamedType(node) ? '' : 'List';
    return new GraphQLObjectType({
      name: names.inline(`${own}${wrapped}Connection`),
      description: 'A part of a list that its upstream hands out page by page.',
      // Worked out when the schema is made: by then all operations have said whether they count.
      fields: () => ({
        nodes: {
          type: new GraphQLList(node),
          description:
            'The items, in order. When a page could not be had, the last one is null and has the error; what came before it is there.',
        },
        pageInfo: { type: new GraphQLNonNull(this.#pageInfoType()), description: 'Where this part ends.' },
        ...(isCounted()
          ? {
              totalCount: {
                type: GraphQLInt,
                description: 'Items in the whole list, as the upstream counts them; null when it does not say.',
              },
            }
          : {}),
      }),
    });
  }

  #pageInfoType(): GraphQLObjectType {
    const { names } = this.#mapper;
    // A flat source has no prefix, but `PageInfo` is a name that other parts of the graph use as well.
    const hint = names.prefix === '' ? `${pascalCase(this.#sourceName)}PageInfo` : 'PageInfo';
    this.#pageInfo ??= new GraphQLObjectType({
      name: names.inline(hint),
      description: 'Where a part of a list ends.',
      fields: {
        hasNextPage: {
          type: new GraphQLNonNull(GraphQLBoolean),
          description: 'Whether there may be more; false only when this is known to be the end.',
        },
        endCursor: {
          type: GraphQLString,
          description: 'Pass it as `after` to go on behind the last node; null when there was none yet.',
        },
      },
    });
    return this.#pageInfo;
  }
}

export function connectionArguments({ pageSize, maxPages }: PagePlan): GraphQLFieldConfigArgumentMap {
  return {
    first: {
      type: GraphQLInt,
      defaultValue: pageSize,
      description: `How many nodes at most, up to ${pageSize * maxPages}.`,
    },
    after: { type: GraphQLString, description: 'The `endCursor` behind which to go on. Default: the beginning.' },
  };
}

function itemType(answer: GraphQLOutputType, path: readonly string[]): GraphQLOutputType {
  let at = getNullableType(answer);
  for (const name of path) {
    const field = isObjectType(at) ? at.getFields()[name] : undefined;
    if (field === undefined) return scalarNamed('JSON');
    at = getNullableType(field.type);
  }
  return isListType(at) ? at.ofType : scalarNamed('JSON');
}
