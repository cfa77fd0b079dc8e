import { RequestRefused } from '../../../shared/refused.ts';
import type { ParameterPlan } from '../../plan.ts';
import { stylePath } from './style.ts';

/** The path of a request and what follows the `?`, both encoded. The path begins with `/`. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

type Part = { readonly literal: string } | { readonly name: string };

/**
 * A compiled path template such as `/pets/{petId}`. A query in the template is kept, a fragment is dropped:
 * both are found in documents that use them to tell operations apart.
 */
export interface PathTemplate {
  /** `argumentFor` gives a parameter with its value in wire form. Throws RequestRefused. */
  expand(argumentFor: (name: string) => { readonly plan: ParameterPlan; readonly value: unknown } | undefined): Target;
}

export function compilePath(template: string): PathTemplate {
  const withoutFragment = template.split('#', 1)[0] ?? '';
  const mark = withoutFragment.indexOf('?');
  const pathPart = mark === -1 ? withoutFragment : withoutFragment.slice(0, mark);
  const segments = pathPart
    .replace(/^\/+/, '')
    .split('/')
    .map((segment) => parse(segment));
  const query = mark === -1 ? [] : parse(withoutFragment.slice(mark + 1));
  const whole: Target | undefined = [...segments.flat(), ...query].every((part) => 'literal' in part)
    ? { path: `/${segments.map(literals).join('/')}`, query: literals(query) }
    : undefined;
  return {
    expand(argumentFor) {
      if (whole !== undefined) return whole;
      const fill = (parts: readonly Part[]): string =>
        parts
          .map((part) => {
            if ('literal' in part) return part.literal;
            const found = argumentFor(part.name);
            if (found === undefined) return `%7B${encodeURIComponent(part.name)}%7D`;
            return filled(found.plan, found.value);
          })
          .join('');
      const path = segments.map((parts) => {
        const segment = fill(parts);
        checkSegment(segment, () =>
          parts.flatMap((part) => ('name' in part ? (argumentFor(part.name)?.plan.argument ?? part.name) : [])),
        );
        return segment;
      });
      return { path: `/${path.join('/')}`, query: fill(query) };
    },
  };
}

function filled(plan: ParameterPlan, value: unknown): string {
  if (value === undefined || value === null) {
    throw new RequestRefused(`the argument "${plan.argument}" is part of the path and must have a value.`);
  }
  const text = stylePath(plan, value);
  if (text === '') {
    throw new RequestRefused(
      `the argument "${plan.argument}" is part of the path and must not be empty: that would be another path.`,
    );
  }
  return text;
}

/**
 * Dot segments are removed by every URL parser, percent-encoded ones too (RFC 3986 section 5.2.4,
 * WHATWG URL "double-dot URL path segment"), so no encoding can carry them.
 */
function checkSegment(segment: string, names: () => readonly string[]): void {
  if (segment !== '.' && segment !== '..') return;
  const culprits = names().map((name) => `"${name}"`);
  if (culprits.length === 0) return;
  throw new RequestRefused(
    `the value of ${culprits.join(', ')} makes the path segment "${segment}", which would lead to another path.`,
  );
}

function parse(text: string): readonly Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{([^{}]+)\}/g)) {
    if (match.index > from) parts.push({ literal: encodeLiteral(text.slice(from, match.index)) });
    parts.push({ name: match[1] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ literal: encodeLiteral(text.slice(from)) });
  return parts;
}

function literals(parts: readonly Part[]): string {
  return parts.map((part) => ('literal' in part ? part.literal : '')).join('');
}

/** Encodes what may stand in no URL; keeps what is encoded already. */
function encodeLiteral(text: string): string {
  return encodeURI(text.toWellFormed()).replaceAll('%25', '%');
}

/**
 * The URL of a request: the endpoint's path and query are kept before the operation's own.
 * `serverUrl`, when the operation has a server of its own, stands in for the endpoint's path
 * (and, with `useServerOrigin`, for its origin).
 */
export function joinUrl(
  endpointUrl: string,
  target: Target,
  serverUrl: string | undefined,
  useServerOrigin: boolean,
): string {
  const base = baseOf(endpointUrl, serverUrl, useServerOrigin);
  const query = [base.query, target.query].filter((part) => part !== '').join('&');
  return `${base.origin}${base.prefix}${target.path}${query === '' ? '' : `?${query}`}`;
}

/** What every request of an operation to one endpoint begins with; the prefix has no slash at its end. */
export interface Base {
  readonly origin: string;
  readonly prefix: string;
  readonly query: string;
}

export function baseOf(endpointUrl: string, serverUrl: string | undefined, useServerOrigin: boolean): Base {
  const base = new URL(endpointUrl);
  const server = serverUrl === undefined ? base : new URL(serverUrl, endpointUrl);
  return {
    origin: useServerOrigin ? server.origin : base.origin,
    prefix: server.pathname.replace(/\/+$/, ''),
    query: base.search.slice(1),
  };
}
