import { GraphQLInputObjectType, type GraphQLSchema, getNullableType, isInputObjectType, isNonNullType } from 'graphql';
import type { Warnings } from './warnings.ts';

/**
 * Input types that require each other in a circle could never be given: GraphQL forbids them.
 * The field that closes a circle becomes nullable, always the same one.
 */
export function relaxInputCycles(schema: GraphQLSchema, warnings: Warnings): void {
  const done = new Set<string>();
  const types = Object.values(schema.getTypeMap())
    .filter(isInputObjectType)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const start of types) {
    if (done.has(start.name)) continue;
    const open = new Set<string>([start.name]);
    const stack = [{ type: start, fields: Object.values(start.getFields()), next: 0 }];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const field = frame.fields[frame.next++];
      if (field === undefined) {
        open.delete(frame.type.name);
        done.add(frame.type.name);
        stack.pop();
        continue;
      }
      if (!isNonNullType(field.type) || field.defaultValue !== undefined) continue;
      const inner = field.type.ofType;
      if (!(inner instanceof GraphQLInputObjectType) || done.has(inner.name)) continue;
      if (open.has(inner.name)) {
        field.type = getNullableType(field.type);
        warnings.add(
          'INPUT_CYCLE',
          '/components/schemas',
          `${frame.type.name}.${field.name} requires what requires it in turn; it is nullable.`,
        );
        continue;
      }
      open.add(inner.name);
      stack.push({ type: inner, fields: Object.values(inner.getFields()), next: 0 });
    }
  }
}
