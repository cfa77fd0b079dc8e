import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  printSchema,
} from 'graphql';
import type { Warning } from '../../source.ts';

/**
 * An introspected schema as SDL. A default that is an object of a custom scalar cannot be printed: it is left out, and
 * its argument need not be given, since the upstream knows the default. Changes `schema`, which is nobody else's.
 */
export function printUpstream(schema: GraphQLSchema): { readonly sdl: string; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const check = (of: GraphQLArgument | GraphQLInputField, path: string): void => {
    if (of.defaultValue === undefined || isPrintable(of)) return;
    const message = 'The default cannot be shown; the upstream applies it when the argument is left out.';
    warnings.push({ kind: 'DEFAULT_NOT_SHOWN', path, message });
    of.defaultValue = undefined;
    if (isNonNullType(of.type)) of.type = of.type.ofType;
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) check(field, `${type.name}.${field.name}`);
    } else if ((isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__')) {
      for (const field of Object.values(type.getFields())) {
        for (const arg of field.args) check(arg, `${type.name}.${field.name}.${arg.name}`);
      }
    }
  }
  return { sdl: printSchema(schema), warnings };
}

export function isPrintable({ defaultValue, type }: Pick<GraphQLArgument, 'defaultValue' | 'type'>): boolean {
  try {
    astFromValue(defaultValue, type);
    return true;
  } catch {
    return false;
  }
}
