import {
  coerceInputValue,
  type GraphQLArgument,
  type GraphQLArgumentConfig,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNullableType,
  isListType,
} from 'graphql';
import type { Problem } from '../../errors/index.ts';
import type { BatchDescription } from '../batch/index.ts';
import { inputTypeAt } from './argument-tree.ts';
import type { LinkKey, LinkSlot } from './checked-link.ts';
import { converter, leafFits, listDepth, takesAnything } from './fits.ts';
import { type LeafAt, leafAt } from './leaf-at.ts';
import type { LinkArgument, LinkSpec } from './link.ts';

export interface CheckedSlots {
  readonly slots: readonly LinkSlot[];
  readonly key: LinkKey | undefined;
  readonly args: Readonly<Record<string, GraphQLArgumentConfig>>;
  /** Paths of the parent fields that are read. */
  readonly requires: readonly (readonly string[])[];
  readonly problems: readonly Problem[];
}

export const NAME = /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/;

/** Finds where each argument of a link's call comes from, and whether what comes fits it. */
export function checkSlots(
  spec: LinkSpec,
  parent: GraphQLObjectType | undefined,
  operationArgs: readonly GraphQLArgument[],
  batch: BatchDescription | undefined,
  linked: ReadonlySet<string>,
): CheckedSlots {
  const problems: Problem[] = [];
  const slots: LinkSlot[] = [];
  const args: Record<string, GraphQLArgumentConfig> = {};
  const requires: (readonly string[])[] = [];
  let key: LinkKey | undefined;

  for (const [index, argument] of spec.arguments.entries()) {
    const add = (part: string, message: string): void => {
      problems.push({ path: `arguments.${index}.${part}`, message });
    };
    const type = inputTypeAt(operationArgs, argument.name);
    if (type === undefined) {
      add('name', `Expected an argument of ${spec.operation}; got ${JSON.stringify(argument.name)}.`);
      continue;
    }
    const path = argument.name.split('.');
    switch (argument.from) {
      case 'FIELD': {
        const from = parent && parentField(argument, parent, linked, spec, add);
        if (from === undefined || parent === undefined) break;
        const isKey = batch?.argument === argument.name;
        const wanted = isKey ? keyType(type) : type;
        const convert = converter(from.leaf, wanted, `${parent.name}.${argument.field}`);
        if (!fits(from, wanted, isKey)) {
          add('field', `Expected a field that fits ${String(wanted)}; ${argument.field} is ${from.type}.`);
        } else if (isKey) {
          key = { field: from.keys, convert, list: from.lists === 1 };
          requires.push(from.path);
        } else {
          slots.push({ from: 'FIELD', path, field: from.keys, convert });
          requires.push(from.path);
        }
        break;
      }
      case 'VALUE': {
        const before = problems.length;
        const value: unknown = coerceInputValue(argument.value, type, (_path, _value, error) =>
          add('value', `Expected a value of ${String(type)}; ${error.message}`),
        );
        if (problems.length === before) slots.push({ from: 'VALUE', path, value });
        break;
      }
      case 'ARGUMENT': {
        const own = ownArgument(argument, type, operationArgs, args, add);
        if (own === undefined) break;
        args[argument.argument] = own;
        slots.push({ from: 'ARGUMENT', path, argument: argument.argument });
        break;
      }
      default: {
        const never: never = argument;
        return never;
      }
    }
  }
  return { slots, key, args, requires, problems };
}

interface ParentField extends LeafAt {
  readonly path: readonly string[];
}

/** A path through objects to a leaf, or to a list of leaves, of fields that the source itself answers. */
function parentField(
  argument: Extract<LinkArgument, { from: 'FIELD' }>,
  parent: GraphQLObjectType,
  linked: ReadonlySet<string>,
  spec: LinkSpec,
  add: (part: string, message: string) => void,
): ParentField | undefined {
  const path = argument.field.split('.');
  const [first = ''] = path;
  if (linked.has(first) || first === spec.field) {
    const message =
      first === spec.field
        ? `Expected a field that the source answers; ${parent.name}.${first} is this link itself: it would need itself.`
        : `Expected a field that the source answers; ${parent.name}.${first} is a link. Links do not need links, so that they cannot need each other in a circle.`;
    // Its own name may also be that of a field which is there: that clash is told by itself.
    if (parent.getFields()[first] === undefined) {
      add('field', message);
      return undefined;
    }
  }
  const found = leafAt(parent, path);
  if (found.ok) return { ...found, path };
  add('field', found.message);
  return undefined;
}

/** A single value fits a list as a list of one (GraphQL specification, section 3.11), but not the other way. */
function fits({ leaf, lists }: ParentField, type: GraphQLInputType, isKey: boolean): boolean {
  if (!leafFits(leaf, type)) return false;
  return isKey ? lists <= 1 : lists === listDepth(type) || lists === 0 || takesAnything(type);
}

/** Of a list of keys, its items; some documents have the list as one text. */
function keyType(type: GraphQLInputType): GraphQLInputType {
  const list = getNullableType(type);
  return isListType(list) ? list.ofType : list;
}

/** The link field's own argument: of the type, and with the words and the default, that it has at the operation. */
function ownArgument(
  argument: Extract<LinkArgument, { from: 'ARGUMENT' }>,
  type: GraphQLInputType,
  operationArgs: readonly GraphQLArgument[],
  args: Readonly<Record<string, GraphQLArgumentConfig>>,
  add: (part: string, message: string) => void,
): GraphQLArgumentConfig | undefined {
  const own = argument.argument;
  if (!NAME.test(own)) {
    add('argument', `Expected a GraphQL name that does not begin with __; got ${JSON.stringify(own)}.`);
    return undefined;
  }
  const known = args[own];
  if (known !== undefined && String(known.type) !== String(type)) {
    add(
      'argument',
      `Expected one type for the argument ${own}; it would be ${String(known.type)} and ${String(type)}.`,
    );
    return undefined;
  }
  const whole = operationArgs.find(({ name }) => name === argument.name);
  if (whole === undefined) return { type };
  const { description, defaultValue, deprecationReason } = whole;
  return { type, description, defaultValue, deprecationReason };
}
