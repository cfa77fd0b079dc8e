/** Turning names of the world into GraphQL names, always the same way. Pure functions. */

/** Words of a name: cut at everything that is no letter or digit, accents taken off. */
function words(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
}

/** `list_pets`, `pets.list`, `List pets` as `listPets`, `petsList`, `listPets`. Empty when there is nothing to use. */
export function camelCase(text: string): string {
  const pascal = pascalCase(text);
  // A run of capitals at the start is one word: `APIVersion` becomes `apiVersion`, `ID` becomes `id`.
  return pascal.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (start) => start.toLowerCase());
}

/** `simple-user` as `SimpleUser`. Empty when there is nothing to use. */
export function pascalCase(text: string): string {
  const joined = words(text)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

/** A name kept as it is but for what GraphQL does not allow: `X-Request-ID` as `X_Request_ID`. */
export function safeName(text: string, fallback: string): string {
  // `+1` and `-1` are told apart by nothing but their sign.
  const spelled = text.replace(/^([+-])(?=\d)/, (sign) => (sign === '+' ? 'plus_' : 'minus_'));
  const plain = spelled
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9_]+/g, '_');
  // Brackets and the like at the end are no part of the name: `filter[name]` is `filter_name`.
  const trimmed = /[^A-Za-z0-9_]$/.test(text) ? plain.replace(/_+$/, '') : plain;
  // Two underscores at the start belong to introspection.
  const name = trimmed.replace(/^__+/, '_');
  if (!/[A-Za-z0-9]/.test(name)) return fallback;
  return /^\d/.test(name) ? `_${name}` : name;
}

const SYMBOLS: Readonly<Record<string, string>> = {
  '+': 'PLUS',
  '-': 'MINUS',
  '*': 'STAR',
  '/': 'SLASH',
  '%': 'PERCENT',
  '<': 'LESS',
  '>': 'GREATER',
  '=': 'EQUAL',
  '!': 'NOT',
  '?': 'QUESTION',
  '&': 'AND',
  '|': 'OR',
  '~': 'TILDE',
  '^': 'CARET',
  '.': 'DOT',
  ',': 'COMMA',
  ':': 'COLON',
  '#': 'HASH',
  '@': 'AT',
  $: 'DOLLAR',
  ' ': 'SPACE',
  _: 'UNDERSCORE',
};

/** Name of an enum's value. Signs before a number or alone are spelled: `-1` is `MINUS_1`, `>=` is `GREATER_EQUAL`. */
export function enumValueName(value: string | number | boolean): string {
  const text = String(value);
  if (/^[_A-Za-z][_0-9A-Za-z]*$/.test(text) && !text.startsWith('__')) {
    return text === 'true' || text === 'false' || text === 'null' ? text.toUpperCase() : text;
  }
  if (text === '') return 'EMPTY';
  if (/^[+-][\d.]/.test(text)) return safeName(`${SYMBOLS[text.charAt(0)]}_${text.slice(1)}`, 'VALUE');
  const spelled = [...text].map((sign) => SYMBOLS[sign]).filter((word) => word !== undefined);
  const spelledName = spelled.length === text.length ? spelled.join('_') : `VALUE_${codePoints(text)}`;
  // Signs around letters are told apart as well: `-name` sorts the other way than `name`.
  const lead = /^[^A-Za-z0-9_]/.exec(text)?.[0];
  const word = lead === undefined ? undefined : SYMBOLS[lead];
  const name = safeName(text, spelledName);
  if (/[A-Za-z0-9]/.test(text) && word !== undefined && lead !== ' ') return `${word}_${name.replace(/^_+/, '')}`;
  return name === 'true' || name === 'false' || name === 'null' ? name.toUpperCase() : name;
}

function codePoints(text: string): string {
  return [...text]
    .slice(0, 8)
    .map((sign) => (sign.codePointAt(0) ?? 0).toString(16).toUpperCase())
    .join('_');
}

/** Hands out names of one scope, each once. */
export class NameScope {
  readonly #taken: Set<string>;

  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  /** The name itself, or with the first number from 2 up that makes it free. */
  take(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#taken.has(name); i++) name = /\d$/.test(wanted) ? `${wanted}_${i}` : `${wanted}${i}`;
    this.#taken.add(name);
    return name;
  }
}
