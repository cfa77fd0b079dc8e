import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
} from 'graphql';

// Types that every prompt has, beside those of its own SDL. `prefix` is the source's.

export function fileInputType(prefix: string): GraphQLInputObjectType {
  return new GraphQLInputObjectType({
    name: `${prefix}FileInput`,
    description: 'A file for the model: exactly one of url and base64.',
    fields: {
      url: { type: GraphQLString, description: 'An https URL, which the model vendor fetches. Weir never does.' },
      base64: { type: GraphQLString, description: 'The bytes of the file.' },
      mediaType: { type: new GraphQLNonNull(GraphQLString), description: 'Such as `image/png`.' },
      name: { type: GraphQLString, description: "The file's name." },
    },
  });
}

/** The argument that takes a conversation so far. */
export function historyType(prefix: string): GraphQLList<GraphQLNonNull<GraphQLInputObjectType>> {
  const role = new GraphQLEnumType({
    name: `${prefix}MessageRole`,
    description: 'Who said it.',
    values: { USER: { description: 'Whoever asks.' }, ASSISTANT: { description: 'The model.' } },
  });
  const message = new GraphQLInputObjectType({
    name: `${prefix}MessageInput`,
    description: 'A message of the conversation so far.',
    fields: {
      role: { type: new GraphQLNonNull(role), description: 'Who said it.' },
      text: { type: new GraphQLNonNull(GraphQLString), description: 'What was said.' },
    },
  });
  return new GraphQLList(new GraphQLNonNull(message));
}

/** What a streamed answer comes in. */
export function streamType(prefix: string, output: GraphQLOutputType): GraphQLObjectType {
  const tokens = (description: string) => ({ type: GraphQLInt, description });
  const usage = new GraphQLObjectType({
    name: `${prefix}Usage`,
    description: 'What the answer took, attempts that failed included.',
    fields: {
      model: { type: GraphQLString, description: 'The model that answered, as provider/model.' },
      inputTokens: tokens('Tokens that the model was given.'),
      outputTokens: tokens('Tokens that the model wrote.'),
      cachedTokens: tokens('Those of inputTokens that the vendor had in its cache.'),
      reasoningTokens: tokens('Those of outputTokens that the model used to think.'),
      costUsd: { type: GraphQLFloat, description: 'Null where a price is not known.' },
    },
  });
  return new GraphQLObjectType({
    name: `${prefix}Stream`,
    description: 'A piece of the answer.',
    fields: {
      delta: {
        type: new GraphQLNonNull(GraphQLString),
        description: 'The next piece of the text, or of the JSON text of the answer.',
      },
      done: { type: new GraphQLNonNull(GraphQLBoolean), description: 'This is the last piece.' },
      value: { type: output, description: 'The whole answer, with the last piece.' },
      usage: { type: usage, description: 'With the last piece; null when no model was asked.' },
    },
  });
}
