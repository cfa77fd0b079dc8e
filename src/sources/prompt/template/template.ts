import mustache from 'mustache';

/** A template, taken apart. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mention'; readonly name: string }
  /** There when the variable has a value, or, inverted, when it has none. */
  | {
      readonly kind: 'section';
      readonly name: string;
      readonly inverted: boolean;
      readonly nodes: readonly TemplateNode[];
    };

export type ParsedTemplate =
  | { readonly ok: true; readonly nodes: readonly TemplateNode[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** As mustache's parser gives it: type, value, start, end, and for sections the tokens inside. */
type Token = readonly [type: string, value: string, start: number, end: number, inside?: unknown];

/** Reads a template. Only names, sections and comments are taken: nothing that brings in text from elsewhere. */
export function parseTemplate(template: string): ParsedTemplate {
  let tokens: readonly Token[];
  try {
    // A writer of its own: mustache's keeps every template for ever.
    tokens = new mustache.Writer().parse(template) as readonly Token[];
  } catch (error: unknown) {
    return { ok: false, mistakes: [`Expected a mustache template; got: ${messageOf(error)}.`] };
  }
  const mistakes: string[] = [];
  const nodes = tokens.flatMap((token) => nodeOf(token, mistakes));
  return mistakes.length === 0 ? { ok: true, nodes } : { ok: false, mistakes };
}

function nodeOf([type, value, start, , inside]: Token, mistakes: string[]): TemplateNode[] {
  switch (type) {
    case 'text':
      return [{ kind: 'text', text: value }];
    case 'name':
    case '&':
      return [{ kind: 'mention', name: value }];
    case '#':
    case '^': {
      const nodes = (inside as readonly Token[]).flatMap((token) => nodeOf(token, mistakes));
      return [{ kind: 'section', name: value, inverted: type === '^', nodes }];
    }
    case '!':
      return [];
    case '>':
      mistakes.push(`Expected no partials; got {{> ${value}}} at ${start}.`);
      return [];
    default:
      mistakes.push(`Expected the delimiters {{ and }} throughout; got others at ${start}.`);
      return [];
  }
}

/** Every name that a template mentions, in text or as a section. */
export function namesIn(nodes: readonly TemplateNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes) {
    if (node.kind === 'text') continue;
    names.add(node.name);
    if (node.kind === 'section') for (const name of namesIn(node.nodes)) names.add(name);
  }
  return names;
}

/** The text of a template. Of the variables only whether they have a value matters: no value ever stands in it. */
export function renderTemplate(nodes: readonly TemplateNode[], hasValue: (name: string) => boolean): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
          return node.text;
        case 'mention':
          return `the input "${node.name}"`;
        case 'section':
          return hasValue(node.name) === node.inverted ? '' : renderTemplate(node.nodes, hasValue);
        default: {
          const never: never = node;
          return never;
        }
      }
    })
    .join('');
}

function messageOf(error: unknown): string {
  return error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
    ? String((error as { message: unknown }).message)
    : String(error);
}
