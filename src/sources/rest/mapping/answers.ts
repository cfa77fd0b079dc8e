import {
  GraphQLBoolean,
  type GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';
import { isObject, type JsonObject, ownObject } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { follow, type Place } from '../openapi/walk.ts';
import type { AnswerPlan, AnswerReading, UnionShape } from '../plan.ts';
import type { RawOperation } from './collect.ts';
import { kindOf } from './kinds.ts';
import type { MappedOutput, Mapper } from './mapper.ts';
import { type Media, mediaOf, preferred } from './media-types.ts';
import { pascalCase } from './names.ts';
import { JSON_SHAPE, scalarNamed } from './scalars.ts';
import { membersOf } from './unions.ts';

export interface MappedAnswer {
  readonly type: GraphQLOutputType;
  readonly plan: AnswerPlan;
}

interface StatusAnswer {
  readonly status: string;
  /** Undefined: no body. */
  readonly mapped: MappedOutput | undefined;
  readonly reading: AnswerReading;
}

const TEXT: MappedOutput = { type: GraphQLString, shape: { kind: 'scalar', type: 'string', scalar: 'String' } };

/** What an operation gives: the answers of its success statuses, as one type. */
export function mapAnswer(
  mapper: Mapper,
  document: JsonObject,
  operation: RawOperation,
  notFoundIsNull: boolean,
): MappedAnswer {
  const hint = `${pascalCase(operation.field)}Response`;
  const answers = operation.method === 'head' ? [] : successes(mapper, document, operation, hint);
  const withBody = answers.filter((answer) => answer.mapped !== undefined);
  const [first] = withBody;
  if (first?.mapped === undefined) {
    return { type: GraphQLBoolean, plan: { shape: 'none', byStatus: [], otherwise: { as: 'none' }, notFoundIsNull } };
  }
  const kinds = new Map(withBody.map((answer) => [String(answer.mapped?.type), answer]));
  if (kinds.size > 1) return severalAnswers(mapper, answers, hint, notFoundIsNull);
  const uniform = answers.every((answer) => sameReading(answer.reading, first.reading));
  return {
    type: first.mapped.type,
    plan: {
      shape: first.mapped.shape,
      byStatus: uniform ? [] : answers.map(({ status, reading }) => ({ status, reading })),
      otherwise: first.reading,
      notFoundIsNull,
    },
  };
}

function sameReading(a: AnswerReading, b: AnswerReading): boolean {
  return a.as === b.as;
}

/** Success statuses with different answers: a union of them. */
function severalAnswers(
  mapper: Mapper,
  answers: readonly StatusAnswer[],
  hint: string,
  notFoundIsNull: boolean,
): MappedAnswer {
  const typeName = mapper.names.inline(hint);
  const types: GraphQLObjectType[] = [];
  const shape: UnionShape = { kind: 'union', typeName, discriminator: undefined, mapping: new Map(), members: [] };
  const union = new GraphQLUnionType({ name: typeName, types: () => types });
  const byStatus: { status: string; reading: AnswerReading }[] = [];
  for (const { status, mapped, reading } of answers) {
    if (mapped === undefined) byStatus.push({ status, reading });
    else if (mapped.shape.kind === 'object') {
      byStatus.push({ status, reading: { as: 'json', shape: mapped.shape, boxAs: mapped.shape } });
    } else if (mapped.shape.kind === 'union') byStatus.push({ status, reading: { as: 'json', shape: mapped.shape } });
    else {
      const member = membersOf(mapper, mapped)[0];
      byStatus.push({
        status,
        reading:
          reading.as === 'json' && member !== undefined
            ? { as: 'json', shape: mapped.shape, boxAs: member.shape }
            : reading,
      });
    }
  }
  // Unions among the answers have their members by then: they were put off before this.
  mapper.later(() => {
    for (const { mapped } of answers) {
      if (mapped === undefined) continue;
      for (const member of membersOf(mapper, mapped)) {
        if (types.includes(member.type)) continue;
        types.push(member.type);
        shape.members.push(member.shape);
      }
    }
  });
  return { type: union, plan: { shape, byStatus, otherwise: { as: 'json', shape }, notFoundIsNull } };
}

function successes(
  mapper: Mapper,
  document: JsonObject,
  operation: RawOperation,
  hint: string,
): readonly StatusAnswer[] {
  const responses = ownObject(operation.value, 'responses') ?? {};
  const pointer = at(operation.pointer, 'responses');
  const statuses = Object.keys(responses).filter((status) => /^2(\d\d|XX)$/i.test(status));
  // `default` is the success only where no status is.
  const chosen =
    statuses.length > 0 ? statuses.sort() : Object.keys(responses).filter((status) => status === 'default');
  if (chosen.length === 0 && operation.kind === 'query' && operation.method === 'get') {
    mapper.warnings.add('NO_SUCCESS_RESPONSE', pointer, 'The document describes no success; whatever comes is JSON.');
    return [untyped('2XX')];
  }
  const described = chosen.flatMap((status) => {
    const place = follow(document, { value: responses[status], pointer: at(pointer, status) });
    return place === undefined || !isObject(place.value)
      ? []
      : [{ status, response: { ...place, value: place.value } }];
  });
  // Of several answers none has a better right to the name that their union needs.
  const several = described.filter(({ response }) => mediaOf(response.value, '').length > 0).length > 1;
  return described.map(({ status, response }) =>
    mapStatus(mapper, operation, status, response, `${hint}${several ? status.toUpperCase() : ''}`),
  );
}

function untyped(status: string): StatusAnswer {
  return {
    status,
    mapped: { type: scalarNamed('JSON'), shape: JSON_SHAPE },
    reading: { as: 'json', shape: JSON_SHAPE },
  };
}

function mapStatus(
  mapper: Mapper,
  operation: RawOperation,
  status: string,
  response: Place & { readonly value: JsonObject },
  hint: string,
): StatusAnswer {
  const media = preferred(mediaOf(response.value, response.pointer), [
    'json',
    'any',
    'text',
    'xml',
    'form',
    'binary',
    'multipart',
  ]);
  if (media === undefined) {
    // No content is no body, but a GET that gives nothing is a gap in the document, not an answer.
    if (operation.method !== 'get' || status === '204' || status === '205')
      return { status, mapped: undefined, reading: { as: 'none' } };
    mapper.warnings.add(
      'NO_RESPONSE_SCHEMA',
      response.pointer,
      'The document does not say what the answer holds; it is JSON.',
    );
    return untyped(status);
  }
  return { status, ...mapMedia(mapper, media, hint) };
}

function mapMedia(mapper: Mapper, media: Media, hint: string): Omit<StatusAnswer, 'status'> {
  const place = { schema: media.schema ?? {}, pointer: at(media.pointer, 'schema') };
  const view = mapper.reader.read(place);
  const kind = kindOf(view);
  if (kind === 'string' && view.format === 'binary') return base64();
  switch (media.class) {
    case 'binary':
    case 'multipart':
      return base64();
    case 'form':
      return text();
    case 'xml':
      if (media.schema !== undefined) {
        mapper.warnings.add(
          'TEXT_ANSWER',
          media.pointer,
          `${media.name} is not taken apart by Weir; the answer is its text.`,
        );
      }
      return text();
    case 'text':
      // Structure that is said to be plain text is JSON sent under the wrong name.
      if (!/^text\/plain\b/i.test(media.name) || !['object', 'list', 'map'].includes(kind)) return text();
      break;
    case 'any':
      if (kind === 'string') return text();
      break;
    case 'json':
      break;
    default: {
      const never: never = media.class;
      throw new Error(`Unknown class ${String(never)}`);
    }
  }
  if (media.schema === undefined) {
    mapper.warnings.add(
      'NO_RESPONSE_SCHEMA',
      media.pointer,
      'The document does not say what the answer holds; it is JSON.',
    );
    return untyped('');
  }
  const mapped = mapper.output(view, hint);
  return { mapped, reading: { as: 'json', shape: mapped.shape } };
}

function text(): Omit<StatusAnswer, 'status'> {
  return { mapped: TEXT, reading: { as: 'text' } };
}

function base64(): Omit<StatusAnswer, 'status'> {
  return { mapped: TEXT, reading: { as: 'base64' } };
}
