/** A selection of every field of a type, to a depth. */
import { getNamedType, isLeafType, isNonNullType, isUnionType } from 'graphql';

const DEEPEST = 4;
/** Fields of one selection in all: enough to see how answers are read. */
const MOST = 400;

export function selectionOf(type) {
  let left = MOST;
  return select(getNamedType(type), 1);

  function select(named, depth) {
    if (isLeafType(named)) return '';
    if (isUnionType(named)) {
      const members = named.getTypes().map((member, index) => {
        const inner = fields(member, depth, `m${index}_`);
        return `... on ${member.name} ${inner}`;
      });
      return `{ __typename ${members.join(' ')} }`;
    }
    return fields(named, depth, '');
  }

  /** Members of a union may have fields of one name and different types: each gets an alias of its own. */
  function fields(object, depth, alias) {
    const chosen = ['__typename'];
    for (const field of Object.values(object.getFields())) {
      const named = getNamedType(field.type);
      if (field.args.some((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined)) continue;
      if (left <= 0 || (!isLeafType(named) && depth >= DEEPEST)) continue;
      left--;
      chosen.push(`${alias === '' ? '' : `${alias}${field.name}: `}${field.name} ${select(named, depth + 1)}`);
    }
    return `{ ${chosen.join(' ')} }`;
  }
}
