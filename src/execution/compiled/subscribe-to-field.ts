import { GraphQLError, getArgumentValues, locatedError } from 'graphql';
import { resolveInfo } from './run.ts';
import type { Path, Run } from './types.ts';

/**
 * Asks the one field of a subscription for its source of events (GraphQL specification, section 6.2.3.1).
 * Throws a located GraphQLError when it has none.
 */
export function subscribeToField(run: Run): unknown {
  const { plan } = run;
  const { schema, operation } = plan;
  const type = schema.getRootType(operation.operation);
  const [field] = type == null ? [] : plan.rootSelection(type).fields;
  const subscribe = field?.definition.subscribe;
  if (type == null || field === undefined || subscribe == null) {
    throw new GraphQLError('A subscription must select one field that can be subscribed to.', { nodes: operation });
  }
  const path: Path = { prev: undefined, key: field.key, typename: type.name };
  try {
    const args = getArgumentValues(field.definition, field.first, run.variables);
    return subscribe(undefined, args, run.context, resolveInfo(run, field, path));
  } catch (error: unknown) {
    throw locatedError(error, field.nodes, [field.key]);
  }
}
