/** One link of a `Link` header field: RFC 8288 section 3. */
export interface LinkValue {
  /** As it stands between `<` and `>`: absolute, or relative to the request's URL. */
  readonly target: string;
  /** Relation types, lower case. */
  readonly rel: readonly string[];
  /** What the link starts from, when that is not the answer itself. */
  readonly anchor: string | undefined;
}

const TARGET = /[\s,]*<([^>]*)>/y;
/** Name, and value as a quoted string or whatever else stands before the next `;` or `,`. */
const PARAMETER = /[ \t]*;[ \t]*([^\s=;,]*)[ \t]*(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;,]*)))?/y;

/**
 * The links of a `Link` header field, by the algorithm of RFC 8288 appendix B.2. Several fields are joined with commas.
 * What comes after a part that is no link is not read.
 */
export function parseLinkHeader(text: string): readonly LinkValue[] {
  const links: LinkValue[] = [];
  let from = 0;
  for (;;) {
    TARGET.lastIndex = from;
    const target = TARGET.exec(text);
    if (target === null) return links;
    from = TARGET.lastIndex;
    const parameters = new Map<string, string>();
    for (;;) {
      PARAMETER.lastIndex = from;
      const parameter = PARAMETER.exec(text);
      if (parameter === null) break;
      from = PARAMETER.lastIndex;
      const [, name = '', quoted, plain = ''] = parameter;
      const value = quoted === undefined ? plain.trim() : quoted.replaceAll(/\\(.)/g, '$1');
      // Section 3.3: of several `rel` only the first counts.
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    }
    links.push({
      target: target[1]?.trim() ?? '',
      rel: (parameters.get('rel') ?? '').toLowerCase().split(/\s+/).filter(Boolean),
      anchor: parameters.get('anchor'),
    });
  }
}
