import {
  type GraphQLFieldConfigArgumentMap,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  getNullableType,
  parseType,
} from 'graphql';
import { pascalCase } from '../../rest/mapping/names.ts';
import type { OperationDescription } from '../../source.ts';
import type { PromptDefinition } from '../definition.ts';
import { jsonSchemaOf } from '../shapes/json-schema.ts';
import { outputShape } from '../shapes/output-shape.ts';
import { TypeBook } from '../shapes/type-book.ts';
import { parseTemplate } from '../template/template.ts';
import type { Variable } from '../variables/variable.ts';
import { GraphTypes } from './graph-types.ts';
import { historyType, streamType } from './own-types.ts';
import type { PromptDescription } from './plan.ts';

/**
 * A prompt `translate` is the field `Query.translate` and, in pieces, `Subscription.translateStream`; both take the
 * variables as arguments. Types are prefixed with the name, and the field is nullable: a model may not answer.
 */
export async function describePrompt(definition: PromptDefinition, sourceName: string): Promise<PromptDescription> {
  const book = new TypeBook();
  if (definition.types !== undefined) book.add(definition.types, '', 'enums');
  if (definition.output !== undefined) book.add(definition.output, '', 'enums and objects');
  const prefix = pascalCase(sourceName);
  const types = new GraphTypes(prefix, book);
  const variables = variablesOf(definition, book);
  const output = outputShape(book);
  const answer = output === undefined ? GraphQLString : getNullableType(types.output(output));
  const args = argumentsOf(variables, definition, types, prefix);
  const description = output === undefined ? undefined : book.definition(output.name)?.description?.value;

  const cacheable = definition.parameters.temperature === 0;
  const ask: OperationDescription = { name: sourceName, kind: 'query', field: sourceName, idempotent: true, cacheable };
  const streamName = `${sourceName}Stream`;
  const stream: OperationDescription = { ...ask, name: streamName, kind: 'subscription', field: streamName };
  const field = { args, description: description ?? `Asks the prompt ${sourceName}.` };
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { [ask.field]: { ...field, type: answer } } }),
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: { [stream.field]: { ...field, type: streamType(prefix, answer) } },
    }),
  });
  const template = parseTemplate(definition.template);
  return {
    schema,
    namespace: '',
    typePrefix: prefix,
    operations: new Map([ask, stream].map((operation) => [operation.name, operation])),
    warnings: [],
    prompt: { ask: ask.name, stream: stream.name },
    ask,
    stream,
    template: template.ok ? template.nodes : [],
    variables,
    output,
    outputSchema: output === undefined ? undefined : jsonSchemaOf(output, description),
  };
}

function variablesOf(definition: PromptDefinition, book: TypeBook): readonly Variable[] {
  return definition.variables.flatMap((variable) => {
    const shape = book.shape(parseType(variable.type));
    return shape === undefined ? [] : [{ ...variable, shape }];
  });
}

function argumentsOf(
  variables: readonly Variable[],
  { history }: PromptDefinition,
  types: GraphTypes,
  prefix: string,
): GraphQLFieldConfigArgumentMap {
  const args: GraphQLFieldConfigArgumentMap = {};
  for (const variable of variables) {
    args[variable.name] = {
      type: types.input(variable.shape),
      description: variable.description,
      defaultValue: variable.default,
    };
  }
  if (history) args.history = { type: historyType(prefix), description: 'The conversation so far, oldest first.' };
  return args;
}
