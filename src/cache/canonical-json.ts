/**
 * One text for equal values: JSON with object keys sorted and undefined members left out.
 * Like JSON.stringify otherwise (`toJSON` is heard, NaN is null), but a bigint is written as `1n`, which no
 * JSON value can be mistaken for. Throws TypeError on a value that contains itself.
 *
 *     canonicalJson({ b: 1, a: [undefined] })  // {"a":[null],"b":1}
 */
export function canonicalJson(value: unknown): string {
  return write(value, []) ?? 'null';
}

function write(value: unknown, inside: object[]): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? String(value === 0 ? 0 : value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : writeObject(value, inside);
    default: // undefined, function, symbol
      return undefined;
  }
}

function writeObject(value: object, inside: object[]): string | undefined {
  if (inside.includes(value)) throw new TypeError('Expected a value that is a tree; it contains itself.');
  inside.push(value);
  try {
    if ('toJSON' in value && typeof value.toJSON === 'function') return write(value.toJSON(), inside);
    if (Array.isArray(value)) return `[${value.map((item) => write(item, inside) ?? 'null').join(',')}]`;
    let text = '';
    for (const name of Object.keys(value).sort()) {
      const member = write((value as Record<string, unknown>)[name], inside);
      if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${member}`;
    }
    return `{${text}}`;
  } finally {
    inside.pop();
  }
}
