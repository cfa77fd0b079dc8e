import type { GraphQLFieldConfig, GraphQLFieldConfigArgumentMap } from 'graphql';
import type { OperationInput } from '../definition.ts';
import { type JsonObject, ownArray, ownString } from '../openapi/json.ts';
import { serverUrl } from '../openapi/server-url.ts';
import type { RestOperation } from '../plan.ts';
import { mapAnswer } from './answers.ts';
import { mapBody } from './bodies.ts';
import type { RawOperation } from './collect.ts';
import type { Mapper } from './mapper.ts';
import { NameScope } from './names.ts';
import { DEPRECATED } from './objects.ts';
import { mapParameters } from './parameters.ts';
import { securityOf } from './security.ts';

export interface MappedOperation {
  readonly operation: RestOperation;
  readonly config: GraphQLFieldConfig<unknown, unknown>;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['get', 'head', 'options', 'trace', 'put', 'delete']);

/** One operation as a field of the graph, with the plan of calling it. */
export function mapOperation(
  mapper: Mapper,
  document: JsonObject,
  raw: RawOperation,
  override: OperationInput | undefined,
): MappedOperation {
  const scope = new NameScope();
  const parameters = mapParameters(mapper, document, raw, scope);
  const body = mapBody(mapper, document, raw, scope);
  const answer = mapAnswer(mapper, document, raw, override?.notFoundIsNull === true);
  const args: GraphQLFieldConfigArgumentMap = {};
  for (const { name, config } of parameters) args[name] = config;
  if (body !== undefined) args[body.name] = body.config;
  const deprecated = raw.value.deprecated === true ? DEPRECATED : undefined;
  const servers = ownArray(raw.value, 'servers') ?? ownArray(raw.pathItem, 'servers') ?? [];
  return {
    config: { type: answer.type, args, description: describe(raw.value), deprecationReason: deprecated },
    operation: {
      name: raw.name,
      kind: raw.kind,
      field: raw.field,
      idempotent: IDEMPOTENT.has(raw.method) || override?.as === 'QUERY',
      cacheable: override?.as === undefined ? isCacheable(raw.method) : override.as === 'QUERY',
      ...(deprecated === undefined ? {} : { deprecated }),
      ...(override?.policy === undefined ? {} : { policy: override.policy }),
      method: raw.method.toUpperCase(),
      path: raw.path,
      parameters: parameters.map(({ plan }) => plan),
      body: body?.plan,
      answer: answer.plan,
      security: securityOf(document, raw.value),
      servers: servers.flatMap((server) => serverUrl(server) ?? []),
    },
  };
}

/** RFC 9110 section 9.2.3. */
function isCacheable(method: RawOperation['method']): boolean {
  return method === 'get' || method === 'head';
}

function describe(operation: JsonObject): string | undefined {
  const summary = ownString(operation, 'summary')?.trim();
  const description = ownString(operation, 'description')?.trim();
  if (summary === undefined || summary === '') return description === '' ? undefined : description;
  if (description === undefined || description === '' || description.startsWith(summary)) return description || summary;
  return `${summary}\n\n${description}`;
}
