import type { Random } from '../../../../runtime/index.ts';
import { isRecord } from '../../../shared/is-record.ts';
import { toJsonText, toPlainJsonText } from '../../../shared/json-text.ts';
import { RequestRefused } from '../../../shared/refused.ts';
import type { BodyPlan } from '../../plan.ts';
import { readBinary } from './binary.ts';
import { type Part, writeMultipart } from './multipart.ts';
import { styleQuery, textOf } from './style.ts';
import { holdsBigInt, type WireCompiler } from './wire.ts';

export interface EncodedBody {
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/** Writes the body argument of one operation. Throws RequestRefused. */
export type EncodeBody = (value: unknown) => EncodedBody;

export function compileBody(plan: BodyPlan, wire: WireCompiler, random: Random): EncodeBody {
  switch (plan.encoding) {
    case 'json':
      return compileJson(plan, wire);
    case 'form':
      return compileForm(plan, wire);
    case 'multipart':
      return compileMultipart(plan, wire, random);
    case 'binary':
      return (value) => {
        const { bytes, contentType } = readBinary(value, `the argument "${plan.argument}"`);
        return { contentType: concrete(contentType ?? plan.mediaType, 'application/octet-stream'), content: bytes };
      };
    case 'text': {
      const toWire = wire.compile(plan.shape);
      const contentType = concrete(plan.mediaType, 'text/plain');
      return (value) => ({ contentType: withCharset(contentType), content: textOf(toWire(value)) ?? '' });
    }
    default: {
      const never: never = plan.encoding;
      return never;
    }
  }
}

function compileJson(plan: BodyPlan, wire: WireCompiler): EncodeBody {
  const toWire = wire.compile(plan.shape);
  const toText = holdsBigInt(plan.shape) ? toJsonText : toPlainJsonText;
  const contentType = concrete(plan.mediaType, 'application/json');
  return (value) => ({ contentType, content: toText(toWire(value)) });
}

/**
 * `application/x-www-form-urlencoded`. A property is styled as its encoding says; without one, lists repeat
 * their name and objects are JSON text (OpenAPI 3.0.4 section 4.8.15.1).
 */
function compileForm(plan: BodyPlan, wire: WireCompiler): EncodeBody {
  const toWire = wire.compile(plan.shape);
  return (value) => {
    const pairs: string[] = [];
    for (const [name, item] of properties(toWire(value), plan)) {
      const encoding = encodingOf(plan, name);
      const style = encoding?.style ?? 'form';
      const asText = encoding?.style === undefined && isRecord(item);
      pairs.push(
        ...styleQuery(
          { name, style, explode: encoding?.explode ?? style === 'form', allowReserved: false },
          asText ? toJsonText(item) : item,
        ),
      );
    }
    return { contentType: 'application/x-www-form-urlencoded', content: pairs.join('&') };
  };
}

function compileMultipart(plan: BodyPlan, wire: WireCompiler, random: Random): EncodeBody {
  const toWire = wire.compile(plan.shape);
  const mediaType = concrete(plan.mediaType, 'multipart/form-data');
  let fields: ReadonlyMap<string, string> | undefined;
  return (value) => {
    fields ??= fileFields(plan);
    const parts: Part[] = [];
    const files = fileValues(value, fields);
    for (const [name, item] of properties(toWire(value), plan)) {
      const items: readonly unknown[] = Array.isArray(item) ? item : [item];
      const wanted = encodingOf(plan, name)?.contentType?.split(',')[0]?.trim();
      const contentType = wanted === undefined || wanted.includes('*') ? undefined : wanted;
      if (fields.has(name)) {
        for (const file of files.get(name) ?? []) parts.push(filePart(name, file, contentType));
        continue;
      }
      for (const one of items) {
        const content = textOf(one);
        if (content === undefined) continue;
        const fallback = typeof one === 'object' ? 'application/json' : undefined;
        parts.push({ name, contentType: contentType ?? fallback, content });
      }
    }
    const boundary = `weir-${random.bytes(18).toString('hex')}`;
    return { contentType: `${mediaType}; boundary=${boundary}`, content: writeMultipart(parts, boundary) };
  };
}

function filePart(name: string, value: unknown, wanted: string | undefined): Part {
  const file = readBinary(value, `the file "${name}"`);
  return {
    name,
    filename: file.filename ?? name,
    contentType: file.contentType ?? wanted ?? 'application/octet-stream',
    content: file.bytes,
  };
}

/** Field by property, of the properties that are files. */
function fileFields({ shape, properties: known = {} }: BodyPlan): ReadonlyMap<string, string> {
  if (shape.kind !== 'object') return new Map();
  const files = shape.fields.filter(({ property }) => Object.hasOwn(known, property) && known[property]?.file === true);
  return new Map(files.map(({ property, field }) => [property, field]));
}

/** Files as the client gave them: with their names and types. */
function fileValues(value: unknown, fields: ReadonlyMap<string, string>): ReadonlyMap<string, readonly unknown[]> {
  const files = new Map<string, readonly unknown[]>();
  if (!isRecord(value)) return files;
  for (const [property, field] of fields) {
    const given = value[field];
    if (given === null || given === undefined) continue;
    files.set(property, Array.isArray(given) ? given : [given]);
  }
  return files;
}

function encodingOf({ properties: known = {} }: BodyPlan, name: string) {
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

function properties(value: unknown, plan: BodyPlan): readonly (readonly [string, unknown])[] {
  if (!isRecord(value)) {
    throw new RequestRefused(`the argument "${plan.argument}" is sent as ${plan.mediaType} and must be an object.`);
  }
  return Object.entries(value).filter(([, item]) => item !== null && item !== undefined);
}

// A media range such as `text/*` cannot be a content type.
function concrete(mediaType: string, otherwise: string): string {
  return mediaType.includes('*') || mediaType === '' ? otherwise : mediaType;
}

function withCharset(mediaType: string): string {
  return mediaType.includes(';') || !mediaType.startsWith('text/') ? mediaType : `${mediaType}; charset=utf-8`;
}
