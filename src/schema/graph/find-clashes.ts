import type { GraphQLNamedType } from 'graphql';
import type { Problem } from '../../errors/index.ts';
import type { GraphPart } from './graph-part.ts';

/** Names no part may bring as a type of its own: the root types are made of all parts. */
const ROOT_TYPES = new Set(['Query', 'Mutation', 'Subscription']);

/** Every name that two parts claim, with both places; and every name that nobody may claim. Entities may be of several. */
export function findClashes(parts: readonly GraphPart[]): readonly Problem[] {
  const problems: Problem[] = [];
  const fields = new Map<string, string>();
  const types = new Map<string, { readonly type: GraphQLNamedType; readonly part: GraphPart }>();

  for (const part of parts) {
    for (const [root, ofRoot] of [
      ['Query', part.query],
      ['Mutation', part.mutation],
      ['Subscription', part.subscription],
    ] as const) {
      for (const name of Object.keys(ofRoot)) {
        const path = `${root}.${name}`;
        const other = fields.get(path);
        if (other !== undefined) {
          const message = `The field ${path} must come from one place; ${both(other, part.place)}.`;
          problems.push({ path, message: message + advice(other, part.place, 'another namespace') });
        } else {
          fields.set(path, part.place);
        }
        if (name.startsWith('__')) problems.push(reserved(path, part.place));
      }
    }
    for (const type of part.types) {
      const other = types.get(type.name);
      if (ROOT_TYPES.has(type.name)) {
        problems.push({
          path: type.name,
          message: `The type ${type.name} must be the graph's own root; ${part.place} has a type of that name.`,
        });
      } else if (other === undefined) {
        types.set(type.name, { type, part });
      } else if (other.type !== type && !bothShare(type.name, other.part, part)) {
        // The very same object in two parts is a shared scalar.
        const message = `The type ${type.name} must come from one place; ${both(other.part.place, part.place)}.`;
        const way = 'another namespace, or a typePrefix if it is a GraphQL service';
        const help = hint(type.name, other.part, part) || advice(other.part.place, part.place, way);
        problems.push({ path: type.name, message: message + help });
      }
      if (type.name.startsWith('__')) problems.push(reserved(type.name, part.place));
    }
  }
  return problems;
}

function bothShare(name: string, one: GraphPart, other: GraphPart): boolean {
  return one.entities.has(name) && other.entities.has(name);
}

/** What is an entity for one of them alone was meant to be one for both, as often as not. */
function hint(name: string, one: GraphPart, other: GraphPart): string {
  const declaring = [one, other].filter(({ entities }) => entities.has(name));
  return declaring.length === 1 ? ` Only ${declaring[0]?.place} declares it as an entity.` : '';
}

/** What resolves it. The admin API, which comes first, stays as it is. */
function advice(first: string, second: string, way: string): string {
  return first === second ? '' : ` Give ${second} ${way}.`;
}

function both(first: string, second: string): string {
  return first === second ? `${first} has it twice` : `${first} and ${second} both have it`;
}

function reserved(path: string, place: string): Problem {
  return { path, message: `Names that begin with __ are reserved for introspection; ${place} uses ${path}.` };
}
