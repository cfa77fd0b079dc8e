import { GraphQLNonNull } from 'graphql';
import { isObject, type JsonObject, ownObject, ownString } from '../openapi/json.ts';
import { at } from '../openapi/pointer.ts';
import { follow } from '../openapi/walk.ts';
import type { BodyPlan, ParameterStyle } from '../plan.ts';
import type { RawOperation } from './collect.ts';
import { kindOf } from './kinds.ts';
import type { MappedInput, Mapper } from './mapper.ts';
import { classify, type Media, mediaOf, preferred } from './media-types.ts';
import { type NameScope, pascalCase } from './names.ts';
import type { MappedArgument } from './parameters.ts';
import { JSON_SHAPE, scalarNamed } from './scalars.ts';
import type { SchemaView } from './schema-view.ts';

/** The body of a request as the argument `input`. */
export function mapBody(
  mapper: Mapper,
  document: JsonObject,
  operation: RawOperation,
  scope: NameScope,
): MappedArgument<BodyPlan> | undefined {
  const given = operation.value.requestBody;
  if (given === undefined) return undefined;
  const place = follow(document, { value: given, pointer: at(operation.pointer, 'requestBody') });
  const body = place?.value;
  if (place === undefined || !isObject(body)) {
    mapper.warnings.add('MALFORMED', at(operation.pointer, 'requestBody'), 'This is no request body; it is left out.');
    return undefined;
  }
  const media = preferred(mediaOf(body, place.pointer), ['json', 'any', 'form', 'multipart', 'text', 'xml', 'binary']);
  if (media === undefined) {
    mapper.warnings.add('MALFORMED', place.pointer, 'The request body has no content; it is left out.');
    return undefined;
  }
  const argument = argumentName(mapper, operation, scope, place.pointer);
  const encoding = encodingOf(mapper, media);
  const mapped = mapContent(mapper, operation, media, encoding);
  const required = body.required === true;
  return {
    name: argument,
    config: {
      type: required ? new GraphQLNonNull(mapped.type) : mapped.type,
      description: ownString(body, 'description'),
    },
    plan: {
      argument,
      mediaType: media.name,
      encoding,
      required,
      shape: mapped.shape,
      ...(encoding === 'form' || encoding === 'multipart' ? { properties: propertiesOf(mapper, media) } : {}),
    },
  };
}

function argumentName(mapper: Mapper, operation: RawOperation, scope: NameScope, pointer: string): string {
  if (!scope.has('input')) return scope.take('input');
  const name = scope.take('body');
  mapper.warnings.add(
    'RENAMED',
    pointer,
    `A parameter of ${operation.name} is named input; the body is the argument ${name}.`,
  );
  return name;
}

function encodingOf(mapper: Mapper, media: Media): BodyPlan['encoding'] {
  switch (media.class) {
    case 'json':
      return 'json';
    case 'any': {
      const view = mapper.reader.read({ schema: media.schema ?? {}, pointer: at(media.pointer, 'schema') });
      return view.format === 'binary' ? 'binary' : 'json';
    }
    case 'form':
    case 'multipart':
    case 'binary':
      return media.class;
    case 'xml':
      mapper.warnings.add(
        'TEXT_BODY',
        media.pointer,
        `${media.name} is not put together by Weir; the argument is its text.`,
      );
      return 'text';
    case 'text':
      return 'text';
    default: {
      const never: never = media.class;
      throw new Error(`Unknown class ${String(never)}`);
    }
  }
}

function mapContent(
  mapper: Mapper,
  operation: RawOperation,
  media: Media,
  encoding: BodyPlan['encoding'],
): MappedInput {
  if (encoding === 'binary') return scalar('File');
  const place = { schema: media.schema ?? {}, pointer: at(media.pointer, 'schema') };
  if (encoding === 'text') {
    const kind = kindOf(mapper.reader.read(place));
    // A text that is one of a few values, or a number, keeps its type.
    return kind === 'enum' || kind === 'integer' || kind === 'number' || kind === 'boolean'
      ? mapper.input(place, pascalCase(operation.field))
      : scalar('String');
  }
  if (media.schema === undefined) return { type: scalarNamed('JSON'), shape: JSON_SHAPE };
  return mapper.input(place, pascalCase(operation.field));
}

function scalar(name: 'String' | 'File'): MappedInput {
  return { type: scalarNamed(name), shape: { kind: 'scalar', type: 'string', scalar: name } };
}

/** What `encoding` says about the properties of a form, and which of them are files. */
function propertiesOf(mapper: Mapper, media: Media): NonNullable<BodyPlan['properties']> {
  const view = mapper.reader.read({ schema: media.schema ?? {}, pointer: at(media.pointer, 'schema') });
  const encodings = ownObject(media.value, 'encoding') ?? {};
  const names = new Set([...Object.keys(encodings), ...view.properties.keys()]);
  const entries = [...names].flatMap((name) => {
    const encoding = ownObject(encodings, name) ?? {};
    const place = view.properties.get(name);
    const contentType = ownString(encoding, 'contentType');
    const file = place !== undefined && isFile(mapper, mapper.reader.read(place), contentType);
    const style = STYLES.find((known) => known === encoding.style);
    const explode = typeof encoding.explode === 'boolean' ? encoding.explode : undefined;
    const known = {
      ...(contentType === undefined ? {} : { contentType }),
      ...(file ? { file } : {}),
      ...(style === undefined ? {} : { style }),
      ...(explode === undefined ? {} : { explode }),
    };
    return Object.keys(known).length === 0 ? [] : [[name, known] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * Whether a part is sent as octets: `format: binary`, alone or in a list, or, as OpenAPI 3.1 has it, a schema that
 * says nothing beside a content type that is no text. `format: byte` is base64 text on the wire too.
 */
function isFile(mapper: Mapper, view: SchemaView, contentType: string | undefined): boolean {
  if (view.format === 'binary') return true;
  const kind = kindOf(view);
  if (kind === 'list' && view.items !== undefined) {
    return isFile(mapper, mapper.reader.read(view.items), contentType);
  }
  return kind === 'any' && contentType?.split(',').every((type) => classify(type) === 'binary') === true;
}

const STYLES: readonly ParameterStyle[] = ['form', 'spaceDelimited', 'pipeDelimited', 'tabDelimited', 'deepObject'];
