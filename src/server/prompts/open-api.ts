import { JsonSchemas } from './json-schema.ts';
import type { Prompt } from './prompts.ts';

type Json = Readonly<Record<string, unknown>>;

const OUTCOMES = ['FRESH', 'CACHED', 'STALE', 'BACKUP', 'FALLBACK'];

const USAGE: Json = {
  type: 'object',
  description: 'What the answer took; null when no model was asked for it.',
  properties: {
    inputTokens: { type: 'integer' },
    outputTokens: { type: 'integer' },
    cachedTokens: { type: 'integer', description: 'Part of inputTokens.' },
    reasoningTokens: { type: 'integer', description: 'Part of outputTokens.' },
    costUsd: { type: ['number', 'null'], description: 'In US dollars; null when the price is not known.' },
  },
  required: ['inputTokens', 'outputTokens', 'cachedTokens', 'reasoningTokens', 'costUsd'],
};

const ERRORS: Json = {
  type: 'object',
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          message: { type: 'string' },
          extensions: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] },
        },
        required: ['message', 'extensions'],
      },
    },
  },
  required: ['errors'],
};

/** An OpenAPI 3.1 document of some prompts. */
export function openApiOf(prompts: readonly Prompt[]): Json {
  const schemas = new JsonSchemas();
  const paths = Object.fromEntries(
    prompts.map((prompt) => [`/prompts/${prompt.member.name}`, pathOf(prompt, schemas)]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Prompts', version: '1', description: 'The prompts of this gateway that the caller may use.' },
    servers: [{ url: '/' }],
    security: [{}, { key: [] }],
    paths,
    components: {
      schemas: { ...schemas.components, PromptUsage: USAGE, PromptErrors: ERRORS },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function pathOf({ member, field, streams }: Prompt, schemas: JsonSchemas): Json {
  const { name, deprecation } = member;
  const answer = {
    type: 'object',
    properties: {
      value: schemas.of(field.type),
      outcome: { type: 'string', enum: OUTCOMES },
      model: { type: ['string', 'null'], description: 'Which model answered, as provider/model.' },
      usage: { anyOf: [{ $ref: '#/components/schemas/PromptUsage' }, { type: 'null' }] },
    },
    required: ['value', 'outcome', 'model', 'usage'],
  };
  const stream = {
    schema: { type: 'string', description: 'Events with a `delta` each; then one event `done`, or one event `error`.' },
  };
  return {
    post: {
      operationId: name,
      ...(field.description ? { description: field.description } : {}),
      ...(deprecation === undefined ? {} : { deprecated: true }),
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemas.ofArguments(field.args) } },
      },
      responses: {
        200: {
          description: 'The answer.',
          content: {
            'application/json': { schema: answer },
            ...(streams ? { 'text/event-stream': stream } : {}),
          },
        },
        default: {
          description: 'What went wrong.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/PromptErrors' } } },
        },
      },
    },
  };
}
