import { GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

const FIELDS = new Set(['filename', 'contentType', 'content']);
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Bytes that go to an upstream as they are. A scalar and not an input type, so that the short form, text alone,
 * stays possible: most uploads need neither a name nor a type.
 */
export const FileScalar = new GraphQLScalarType({
  name: 'File',
  description:
    'The bytes of a file: base64 text, or an object `{ filename: String, contentType: String, content: <base64 text> }`. ' +
    'Without a filename the name of the property is sent; without a content type the one that the description names, ' +
    'or `application/octet-stream`.',
  parseValue: checkFile,
  parseLiteral: (node: ValueNode, variables) => checkFile(valueFromASTUntyped(withoutEnums(node), variables)),
});

function checkFile(value: unknown): unknown {
  if (typeof value === 'string') return checkContent(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(
      `File expects base64 text or an object; got ${Array.isArray(value) ? 'a list' : typeof value}.`,
    );
  }
  const given = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) {
    throw new TypeError(`File has the fields ${[...FIELDS].join(', ')}; got ${JSON.stringify(unknown)}.`);
  }
  for (const key of ['filename', 'contentType'] as const) {
    const text = given[key];
    if (text !== undefined && text !== null && typeof text !== 'string') {
      throw new TypeError(`File expects text as its ${key}; got ${typeof text}.`);
    }
  }
  checkContent(given.content);
  return given;
}

/** Never shows the content: it may be long, and it is the client's own. */
function checkContent(content: unknown): unknown {
  if (typeof content === 'string' && BASE64.test(content)) return content;
  const came =
    typeof content === 'string' ? 'text with other characters' : content === undefined ? 'nothing' : typeof content;
  throw new TypeError(`File expects its content as base64 text; got ${came}.`);
}

/** A name without quotes is no text: `valueFromASTUntyped` would take it for one. */
function withoutEnums(node: ValueNode): ValueNode {
  const bad =
    node.kind === Kind.ENUM || (node.kind === Kind.OBJECT && node.fields.some(({ value }) => value.kind === Kind.ENUM));
  if (bad) throw new TypeError('File expects base64 text or an object; got a name without quotes.');
  return node;
}
