import type { Problem } from '../../../errors/index.ts';
import type { PaginationInput } from '../definition.ts';
import type { PagePlan, ParameterPlan, RestOperation, Shape } from '../plan.ts';

export type PlannedPages =
  | { readonly ok: true; readonly plan: PagePlan }
  /** Paths as in the declaration: `items`. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const DEFAULT_MAX_PAGES = 20;

/** Holds a declaration of pages against the operation it is for. `maximumOf` is what the document says of a parameter. */
export function planPages(
  operation: RestOperation,
  input: PaginationInput,
  maximumOf: (parameter: ParameterPlan) => number | undefined,
): PlannedPages {
  const problems: Problem[] = [];
  const problem = (path: string, message: string): void => {
    problems.push({ path, message });
  };
  const { parameters, answer } = operation;
  if (operation.kind !== 'query') {
    problem('style', `Expected an operation that reads; ${operation.name} is ${operation.method} ${operation.path}.`);
  }

  const find = (
    field: keyof PaginationInput,
    expected: string,
    kinds: readonly string[],
  ): ParameterPlan | undefined => {
    const name = input[field];
    if (name === undefined) return undefined;
    const found = parameters.find(({ argument }) => argument === name);
    if (found === undefined) {
      const known = parameters.map(({ argument }) => JSON.stringify(argument)).join(', ');
      problem(field, `Expected an argument of the operation; got ${JSON.stringify(name)}, there ${isOrAre(known)}.`);
    } else if (found.shape.kind !== 'scalar' || !kinds.includes(found.shape.type)) {
      problem(
        field,
        `Expected an argument that takes ${expected}; ${JSON.stringify(name)} takes ${told(found.shape)}.`,
      );
    } else {
      return found;
    }
    return undefined;
  };
  const counts = ['integer', 'bigint', 'number', 'json', 'string'];
  find('pageArgument', 'a number', counts);
  find('offsetArgument', 'a number', counts);
  const cursor = find('cursorArgument', 'a text', ['string', 'integer', 'bigint', 'number', 'json']);
  if (cursor?.required === true && cursor.default === undefined) {
    problem(
      'cursorArgument',
      `Expected an argument that the first call can leave out; ${cursor.argument} is required.`,
    );
  }
  const size = find('sizeArgument', 'a number', counts);
  const maximum = size === undefined ? undefined : maximumOf(size);
  if (maximum !== undefined && input.pageSize > maximum) {
    problem(
      'pageSize',
      `Expected at most ${maximum}, which is the most that ${size?.argument} takes; got ${input.pageSize}.`,
    );
  }
  const positionArgument = input.pageArgument ?? input.offsetArgument ?? input.cursorArgument;
  if (input.sizeArgument !== undefined && input.sizeArgument === positionArgument) {
    problem('sizeArgument', `Expected another argument than the one for the position; got ${positionArgument} twice.`);
  }

  const leads = (
    field: 'items' | 'nextCursor' | 'nextLink' | 'total',
    expected: string,
    fits: (shape: Shape) => boolean,
  ): void => {
    const text = input[field];
    if (text === undefined) return;
    const end = answer.shape === 'none' ? 'nothing' : shapeAt(answer.shape, pathOf(text));
    if (end !== undefined && end !== 'nothing' && fits(end)) return;
    const came = end === undefined ? 'which leads nowhere' : `which leads to ${end === 'nothing' ? end : told(end)}`;
    problem(field, `Expected a path inside the answer to ${expected}; got ${JSON.stringify(text)}, ${came}.`);
  };
  leads('items', 'a list', (shape) => shape.kind === 'list' || isJson(shape));
  leads('nextCursor', 'a text or a number', (shape) => shape.kind === 'scalar' && shape.type !== 'boolean');
  leads('nextLink', 'a text', (shape) => shape.kind === 'scalar' && (shape.type === 'string' || isJson(shape)));
  leads('total', 'a number', (shape) => shape.kind === 'scalar' && !['boolean', 'string'].includes(shape.type));

  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    plan: {
      style: input.style,
      items: pathOf(input.items),
      positionArgument,
      sizeArgument: input.sizeArgument,
      firstPage: input.firstPage ?? 1,
      pageSize: input.pageSize,
      nextCursor: input.nextCursor === undefined ? undefined : pathOf(input.nextCursor),
      nextLink: input.nextLink === undefined ? undefined : pathOf(input.nextLink),
      total: input.total === undefined ? undefined : pathOf(input.total),
      maxPages: input.maxPages ?? DEFAULT_MAX_PAGES,
    },
  };
}

function pathOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('.');
}

function isJson(shape: Shape): boolean {
  return shape.kind === 'scalar' && shape.type === 'json';
}

/** What lies at a path; JSON may hold anything. */
function shapeAt(shape: Shape, path: readonly string[]): Shape | undefined {
  let at: Shape | undefined = shape;
  for (const name of path) {
    if (at === undefined || isJson(at)) return at;
    at = at.kind === 'object' ? at.fields.find(({ field }) => field === name)?.shape : undefined;
  }
  return at;
}

function told(shape: Shape): string {
  switch (shape.kind) {
    case 'scalar':
      return shape.scalar;
    case 'list':
      return 'a list';
    case 'object': {
      const fields = shape.fields.slice(0, 10).map(({ field }) => field);
      return `the object ${shape.typeName} { ${fields.join(' ')}${shape.fields.length > 10 ? ' …' : ''} }`;
    }
    case 'enum':
    case 'map':
    case 'union':
    case 'box':
      return `the ${shape.kind} ${shape.typeName}`;
    default: {
      const never: never = shape;
      return never;
    }
  }
}

function isOrAre(known: string): string {
  if (known === '') return 'are none';
  return known.includes(',') ? `are ${known}` : `is ${known}`;
}
