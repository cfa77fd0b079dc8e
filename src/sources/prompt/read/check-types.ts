import { type FieldDefinitionNode, Kind, type TypeNode } from 'graphql';
import type { Problem } from '../../../errors/index.ts';
import { isFileType, isScalarName } from '../shapes/shape.ts';
import { innermost, TypeBook } from '../shapes/type-book.ts';

const TYPES = 'input.prompt.types';
export const OUTPUT = 'input.prompt.output';
/** Objects in objects. Vendors refuse schemas much deeper. */
const MAX_DEPTH = 10;
/** Fields of the whole answer, each type counted wherever it stands. Vendors refuse larger schemas. */
const MAX_FIELDS = 5_000;

export interface CheckedTypes {
  readonly book: TypeBook;
  readonly problems: readonly Problem[];
}

/** What is wrong with the types of a prompt: an answer's type must be one that a JSON schema expresses. */
export function checkTypes({ types, output }: { readonly types?: string; readonly output?: string }): CheckedTypes {
  const book = new TypeBook();
  const problems: Problem[] = [];
  if (types !== undefined) problems.push(...book.add(types, TYPES, 'enums'));
  if (output !== undefined) {
    const broken = book.add(output, OUTPUT, 'enums and objects');
    problems.push(...broken);
    if (book.objectNames.length === 0 && broken.length === 0) {
      problems.push({ path: OUTPUT, message: 'Expected an object type, which the model answers with; got none.' });
    }
    problems.push(...book.objectNames.flatMap((name) => checkObject(book, name)), ...checkDepth(book));
  }
  return { book, problems };
}

function checkObject(book: TypeBook, name: string): Problem[] {
  const definition = book.definition(name);
  if (definition?.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
  const path = `${OUTPUT}.${name}`;
  const problems = (definition.fields ?? []).flatMap((field) => checkField(book, field, `${path}.${field.name.value}`));
  if ((definition.interfaces ?? []).length > 0) {
    problems.push({ path, message: 'Expected a type without interfaces, which no JSON schema expresses.' });
  }
  return problems;
}

function checkField(book: TypeBook, field: FieldDefinitionNode, path: string): Problem[] {
  const problems: Problem[] = [];
  if ((field.arguments ?? []).length > 0) {
    problems.push({ path, message: 'Expected a field without arguments: a model answers once, with everything.' });
  }
  const name = innermost(field.type);
  if (isFileType(name)) {
    problems.push({ path, message: `Expected a type that a JSON schema expresses; got ${name}.` });
  } else {
    problems.push(...checkKnown(book, field.type, path));
  }
  return problems;
}

/** Names of types that mean nothing here. Custom scalars are among them: no JSON schema says what they are. */
export function checkKnown(book: TypeBook, type: TypeNode, path: string): Problem[] {
  const name = innermost(type);
  if (isScalarName(name) || isFileType(name) || book.definition(name) !== undefined) return [];
  const known = ['String', 'Int', 'Float', 'Boolean', 'ID', ...book.names].join(', ');
  return [{ path, message: `Expected one of ${known}; got ${name}.` }];
}

/** A type that leads back to itself has no bound, types that fan out at each step soon have millions of fields, and every type must be reached from the answer. */
function checkDepth(book: TypeBook): Problem[] {
  const [root] = book.objectNames;
  const problems: Problem[] = [];
  const reached = new Map<string, number>();
  const walk = (name: string, within: readonly string[]): number => {
    const known = reached.get(name);
    const definition = book.definition(name);
    if (known !== undefined || definition?.kind !== Kind.OBJECT_TYPE_DEFINITION) return known ?? 0;
    let fields = 0;
    for (const field of definition.fields ?? []) {
      const next = innermost(field.type);
      const path = `${OUTPUT}.${name}.${field.name.value}`;
      fields += 1;
      if (next === name || within.includes(next)) {
        problems.push({ path, message: `Expected types that do not contain themselves; ${next} does.` });
      } else if (within.length >= MAX_DEPTH) {
        problems.push({ path, message: `Expected at most ${MAX_DEPTH} objects inside each other.` });
      } else {
        fields += walk(next, [...within, name]);
      }
    }
    reached.set(name, fields);
    return fields;
  };
  const fields = root === undefined ? 0 : walk(root, []);
  if (fields > MAX_FIELDS) {
    problems.push({ path: OUTPUT, message: `Expected at most ${MAX_FIELDS} fields in all; got ${fields}.` });
  }
  for (const name of book.objectNames) {
    if (reached.has(name)) continue;
    const message = `Expected only types that ${root} (the first is what the model answers with) leads to; got ${name}.`;
    problems.push({ path: `${OUTPUT}.${name}`, message });
  }
  return problems;
}
