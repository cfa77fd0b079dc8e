import { toJsonText } from '../../../shared/json-text.ts';
import { encodeAllowingReserved, encodeComponent, encodeListItemAllowingReserved } from '../../../shared/percent.ts';
import { RequestRefused } from '../../../shared/refused.ts';
import type { ParameterPlan } from '../../plan.ts';

/**
 * The serialisation styles of OpenAPI 3.1.1 section 4.8.12.3, over values that are in wire form already.
 * Null and undefined are "undefined" in the words of RFC 6570 section 2.3: left out, inside lists and objects too.
 */
export type StyledParameter = Pick<ParameterPlan, 'name' | 'style' | 'explode' | 'allowReserved'>;

type Encode = (text: string) => string;
type Pair = readonly [key: string, text: string];

const asIs: Encode = (text) => text;

/** What stands in the path in place of `{name}`. */
export function stylePath(parameter: StyledParameter, value: unknown): string {
  const { name, explode } = parameter;
  switch (parameter.style) {
    case 'label':
      return prefixed(
        joined(value, explode ? '.' : ',', explode ? '=' : ',', encodeComponent),
        '.',
        isEmptyCollection(value),
      );
    case 'matrix':
      return matrix(encodeComponent(name), explode, value);
    default:
      return joined(value, ',', explode ? '=' : ',', encodeComponent);
  }
}

/** `name=value` pairs, encoded, for a query or a form; empty when there is nothing to send. */
export function styleQuery(parameter: StyledParameter, value: unknown): readonly string[] {
  const name = encodeComponent(parameter.name);
  const encode = parameter.allowReserved ? encodeAllowingReserved : encodeComponent;
  if (parameter.style === 'deepObject' && typeof value === 'object') return deepObject(name, value, encode);
  if (Array.isArray(value)) {
    const items = texts(value);
    if (items.length === 0) return [];
    if (parameter.explode) return items.map((item) => `${name}=${encode(item)}`);
    return [`${name}=${delimited(parameter, items)}`];
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = entries(value);
    if (pairs.length === 0) return [];
    if (parameter.explode) return pairs.map(([key, text]) => `${encodeComponent(key)}=${encode(text)}`);
    return [`${name}=${delimited(parameter, pairs.flat())}`];
  }
  const text = textOf(value);
  return text === undefined ? [] : [`${name}=${encode(text)}`];
}

/** A header's value. Header fields know no percent-encoding (OpenAPI 3.1.1 appendix D); `simple` is the only style. */
export function styleHeader(parameter: StyledParameter, value: unknown): string | undefined {
  if (textOf(value) === undefined || isEmptyCollection(value)) return undefined;
  return joined(value, ',', parameter.explode ? '=' : ',', asIs);
}

/** `name=value` cookie pairs. An exploded list becomes one cookie an item: `&` would not part cookies. */
export function styleCookie(parameter: StyledParameter, value: unknown): readonly string[] {
  return styleQuery({ ...parameter, style: 'form', allowReserved: false }, value);
}

function matrix(name: string, explode: boolean, value: unknown): string {
  const one = (key: string, text: string): string => (text === '' ? `;${key}` : `;${key}=${text}`);
  if (explode && Array.isArray(value))
    return texts(value)
      .map((item) => one(name, encodeComponent(item)))
      .join('');
  if (explode && typeof value === 'object' && value !== null) {
    return entries(value)
      .map(([key, text]) => one(encodeComponent(key), encodeComponent(text)))
      .join('');
  }
  if (isEmptyCollection(value)) return '';
  return one(name, joined(value, ',', ',', encodeComponent));
}

function joined(value: unknown, between: string, keyFrom: string, encode: Encode): string {
  if (Array.isArray(value)) return texts(value).map(encode).join(between);
  if (typeof value === 'object' && value !== null) {
    return entries(value)
      .map(([key, text]) => `${encode(key)}${keyFrom}${encode(text)}`)
      .join(between);
  }
  return encode(textOf(value) ?? '');
}

function prefixed(text: string, prefix: string, empty: boolean): string {
  return empty ? '' : prefix + text;
}

const DELIMITERS = {
  spaceDelimited: { character: ' ', encoded: '%20' },
  pipeDelimited: { character: '|', encoded: '%7C' },
  tabDelimited: { character: '\t', encoded: '%09' },
} as const;

function delimited(parameter: StyledParameter, items: readonly string[]): string {
  const { style } = parameter;
  if (style !== 'spaceDelimited' && style !== 'pipeDelimited' && style !== 'tabDelimited') {
    const encode = parameter.allowReserved ? encodeListItemAllowingReserved : encodeComponent;
    return items.map(encode).join(',');
  }
  const { character, encoded } = DELIMITERS[style];
  // These delimiters are percent-encoded themselves (OpenAPI 3.1.1 section 4.8.12.3),
  // so an item that has one would arrive as two items.
  if (items.some((item) => item.includes(character))) {
    throw new RequestRefused(
      `items of the parameter "${parameter.name}" are parted by "${encoded}" and cannot contain that character.`,
    );
  }
  return items.map(parameter.allowReserved ? encodeAllowingReserved : encodeComponent).join(encoded);
}

/**
 * `name[key]=value`. The specification defines one level; further levels nest their brackets, lists of
 * scalars repeat `[]` and lists of objects count: the forms that qs, Rack, PHP and their kin all read.
 */
function deepObject(name: string, value: object | null, encode: Encode): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) =>
      typeof item === 'object' && item !== null
        ? deepObject(`${name}%5B${index}%5D`, item, encode)
        : scalarPair(`${name}%5B%5D`, item, encode),
    );
  }
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const place = `${name}%5B${encodeComponent(key)}%5D`;
    return typeof item === 'object' && item !== null
      ? deepObject(place, item, encode)
      : scalarPair(place, item, encode);
  });
}

function scalarPair(name: string, value: unknown, encode: Encode): readonly string[] {
  const text = textOf(value);
  return text === undefined ? [] : [`${name}=${encode(text)}`];
}

function isEmptyCollection(value: unknown): boolean {
  if (Array.isArray(value)) return texts(value).length === 0;
  return typeof value === 'object' && value !== null && entries(value).length === 0;
}

function texts(items: readonly unknown[]): readonly string[] {
  return items.map(textOf).filter((text) => text !== undefined);
}

function entries(value: object): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const [key, item] of Object.entries(value)) {
    const text = textOf(item);
    if (text !== undefined) pairs.push([key, text]);
  }
  return pairs;
}

/** A scalar as text. What is nested deeper than the styles define is sent as JSON text. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? undefined : toJsonText(value);
    default:
      return undefined;
  }
}
