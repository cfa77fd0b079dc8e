/** Values that fit a JSON schema, in the form they have on the wire: made from the document, not from what Weir made of it. */
import { createRequire } from 'node:module';

const jsonSchemaFaker = createRequire(import.meta.url)('json-schema-faker');
const faker = jsonSchemaFaker.JSONSchemaFaker ?? jsonSchemaFaker.default ?? jsonSchemaFaker;

/** Optional parts are left out below this depth. */
const DEEPEST = 4;

const FORMATS = {
  date: '2024-02-29',
  'date-time': '2024-02-29T12:30:00.000Z',
  time: '12:30:00.000Z',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  guid: '123e4567-e89b-42d3-a456-426614174000',
  email: 'someone@example.com',
  uri: 'https://example.com/a',
  url: 'https://example.com/a',
  'uri-reference': '/a',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'aGVsbG8=',
  binary: 'aGVsbG8=',
  duration: 'P1D',
};

/** `all`: with every optional part; otherwise only what is required. */
export function sample(document, schema, all) {
  return value(schema, 0, []);

  function value(given, depth, open) {
    const view = flatten(given, open);
    if (view === undefined) return undefined;
    const { schema: own, refs } = view;
    if ('const' in own) return own.const;
    if (Array.isArray(own.enum)) return own.enum.find((one) => one !== null) ?? null;
    switch (typeOf(own)) {
      case 'string':
        return text(own);
      case 'integer':
      case 'number':
        return number(own);
      case 'boolean':
        return true;
      case 'array':
        return list(own, depth, refs);
      case 'object':
        return object(own, depth, refs);
      case 'null':
        return null;
      default:
        return depth === 0 ? { any: 'thing' } : 'anything';
    }
  }

  /** References followed, `allOf` merged, the first alternative of `oneOf` and `anyOf` taken. */
  function flatten(given, open) {
    if (given === true || given === undefined) return { schema: {}, refs: open };
    if (given === false) return undefined;
    let refs = open;
    let own = given;
    if (typeof own.$ref === 'string') {
      if (refs.filter((one) => one === own.$ref).length > 1) return undefined;
      refs = [...refs, own.$ref];
      const inner = flatten(resolve(own.$ref), refs);
      if (inner === undefined) return undefined;
      const { $ref: _ref, ...beside } = own;
      refs = inner.refs;
      own = merge(inner.schema, beside);
    }
    for (const part of own.allOf ?? []) {
      const inner = flatten(part, refs);
      if (inner === undefined) return undefined;
      refs = inner.refs;
      own = merge(inner.schema, own);
    }
    const { allOf: _all, ...rest } = own;
    own = rest;
    for (const word of ['oneOf', 'anyOf']) {
      const alternatives = own[word];
      if (!Array.isArray(alternatives)) continue;
      const { [word]: _alternatives, ...beside } = own;
      for (const alternative of alternatives) {
        const inner = flatten(alternative, refs);
        if (inner === undefined || typeOf(inner.schema) === 'null') continue;
        refs = inner.refs;
        own = merge(inner.schema, discriminated(beside, alternative, inner.schema));
        break;
      }
    }
    return { schema: own, refs };
  }

  function discriminated(base, alternative, inner) {
    const { propertyName, mapping = {} } = base.discriminator ?? {};
    if (propertyName === undefined || typeof alternative.$ref !== 'string') return base;
    const of = inner.properties?.[propertyName];
    if (of !== undefined && ('const' in of || Array.isArray(of.enum))) return base;
    const mapped = Object.entries(mapping).find(([, target]) => target === alternative.$ref)?.[0];
    const name = mapped ?? alternative.$ref.split('/').at(-1);
    return { ...base, properties: { ...inner.properties, ...base.properties, [propertyName]: { const: name } } };
  }

  function merge(under, over) {
    return {
      ...under,
      ...over,
      ...(under.properties || over.properties ? { properties: both(under.properties, over.properties) } : {}),
      ...(under.required || over.required
        ? { required: [...new Set([...(under.required ?? []), ...(over.required ?? [])])] }
        : {}),
    };
  }

  /** A property that both describe must fit both. */
  function both(under = {}, over = {}) {
    const made = { ...under, ...over };
    for (const key of Object.keys(under)) if (Object.hasOwn(over, key)) made[key] = { allOf: [under[key], over[key]] };
    return made;
  }

  function resolve(ref) {
    return ref
      .slice(2)
      .split('/')
      .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce((holder, key) => holder?.[key], document);
  }

  function object(own, depth, refs) {
    const made = {};
    const required = new Set(own.required ?? []);
    for (const [key, property] of Object.entries(own.properties ?? {})) {
      if (!required.has(key) && (!all || depth >= DEEPEST)) continue;
      if (flatten(property, refs)?.schema.readOnly === true) continue;
      const item = value(property, depth + 1, refs);
      if (item !== undefined) made[key] = item;
    }
    const free = typeof own.additionalProperties === 'object' ? own.additionalProperties : undefined;
    if (free !== undefined && own.properties === undefined && (all || (own.minProperties ?? 0) > 0)) {
      const item = value(free, depth + 1, refs);
      if (item !== undefined) made.key = item;
    }
    return made;
  }

  function list(own, depth, refs) {
    // Two, so that a list of one is not taken for the item.
    const usual = depth >= DEEPEST ? 0 : own.uniqueItems === true ? 1 : 2;
    const count = Math.min(Math.max(own.minItems ?? 0, usual), own.maxItems ?? Number.POSITIVE_INFINITY);
    const item = own.items === undefined ? 'anything' : value(own.items, depth + 1, refs);
    return item === undefined ? [] : Array.from({ length: Math.min(count, 20) }, () => item);
  }
}

export function typeOf(schema) {
  const given = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type;
  if (given !== undefined) return given;
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return 'object';
  if (schema.items !== undefined) return 'array';
  if (schema.pattern !== undefined || schema.format !== undefined || schema.maxLength !== undefined) return 'string';
  return undefined;
}

function text({ format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }) {
  const usual = FORMATS[format] ?? 'text';
  if (pattern !== undefined && !matches(pattern, usual)) {
    try {
      return faker.generate({
        type: 'string',
        pattern,
        minLength,
        ...(Number.isFinite(maxLength) ? { maxLength } : {}),
      });
    } catch {
      return 'text';
    }
  }
  const known = FORMATS[format];
  if (known !== undefined && known.length >= minLength && known.length <= maxLength) return known;
  return 'text'.padEnd(minLength, 'x').slice(0, maxLength);
}

function matches(pattern, value) {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return false;
  }
}

function number({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }) {
  const low = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : (minimum ?? Number.NEGATIVE_INFINITY);
  const high = typeof exclusiveMaximum === 'number' ? exclusiveMaximum - 1 : (maximum ?? Number.POSITIVE_INFINITY);
  let chosen = Math.min(Math.max(1, low), high);
  if (multipleOf !== undefined) chosen = Math.ceil(chosen / multipleOf) * multipleOf;
  return type === 'integer' || (Array.isArray(type) && type.includes('integer')) ? Math.ceil(chosen) : chosen;
}
