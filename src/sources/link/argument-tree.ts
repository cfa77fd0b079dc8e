import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { Problem } from '../../errors/index.ts';

/** The input type at a dotted name (`ids`, `input.ids`); undefined when it leads nowhere. */
export function inputTypeAt(args: readonly GraphQLArgument[], name: string): GraphQLInputType | undefined {
  const [first, ...rest] = name.split('.');
  let type: GraphQLInputType | undefined = args.find((argument) => argument.name === first)?.type;
  for (const step of rest) {
    const holder: GraphQLInputType | undefined = type && getNullableType(type);
    type = isInputObjectType(holder) ? holder.getFields()[step]?.type : undefined;
  }
  return type;
}

/** Required arguments, and required fields of inputs that are given in part, which no name of the link leads to. */
export function missingArguments(args: readonly GraphQLArgument[], names: readonly string[]): readonly Problem[] {
  const given = new Set(names);
  const missing: string[] = [];
  const below = (place: string): boolean => names.some((name) => name.startsWith(`${place}.`));
  const look = (place: string, type: GraphQLInputType, required: boolean): void => {
    if (given.has(place)) return;
    if (!below(place)) {
      if (required) missing.push(place);
      return;
    }
    const holder = getNullableType(type);
    if (!isInputObjectType(holder)) return;
    for (const field of Object.values(holder.getFields())) {
      look(`${place}.${field.name}`, field.type, isRequiredInputField(field));
    }
  };
  for (const argument of args) look(argument.name, argument.type, isRequiredArgument(argument));
  return missing.map((name) => ({
    path: 'arguments',
    message: `Expected a value for ${name}, which the operation requires; got none.`,
  }));
}

/** A name given twice, or together with a part of itself. */
export function overlappingArguments(names: readonly string[]): readonly Problem[] {
  return names.flatMap((name, index) => {
    const other = names.find(
      (one, at) => at < index && (one === name || one.startsWith(`${name}.`) || name.startsWith(`${one}.`)),
    );
    if (other === undefined) return [];
    return [{ path: `arguments.${index}.name`, message: `Expected each argument once; ${name} and ${other} overlap.` }];
  });
}
