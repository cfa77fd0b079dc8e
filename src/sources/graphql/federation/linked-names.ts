import {
  type ConstDirectiveNode,
  type ConstObjectValueNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  visit,
} from 'graphql';
import { isDirectiveOfFederation, textOf } from './directives.ts';
import { isTypeOfFederation } from './names.ts';

/** Specifications whose elements a subgraph speaks to its supergraph with. */
const SPECIFICATION = /^https:\/\/specs\.apollo\.dev\/(?:([\w-]+)\/)+v\d[\w.]*\/?$/;
const OF_LINK = /^https:\/\/specs\.apollo\.dev\/link\/v\d/;
const OF_FEDERATION = /^https:\/\/specs\.apollo\.dev\/federation\/v\d/;

/** What one document calls the directives and types of Apollo's specifications: https://specs.apollo.dev/link/v1.0 */
export interface LinkedNames {
  /** The name in its specification; undefined for a directive that is the document's own. */
  directive(name: string): string | undefined;
  isType(name: string): boolean;
}

/**
 * Reads the `@link`s of a document. A directive is known by the name it was imported by (`as` or its own), or by the
 * name of its specification, or what `as` calls that, before it (`@federation__key`). Without a link to federation the
 * names of version 1 hold. A name that is neither imported nor defined holds too: it could mean nothing else.
 */
export function linkedNames(document: DocumentNode): LinkedNames {
  const { links, by } = linksOf(document);
  const imported = new Map([[by, 'link']]);
  const types = new Set<string>();
  const prefixes = new Map<string, string>();
  for (const link of links) {
    const url = textOf(link, 'url') ?? '';
    const specification = SPECIFICATION.exec(url)?.[1];
    if (specification === undefined) continue;
    const namespace = textOf(link, 'as') ?? specification;
    prefixes.set(namespace, specification);
    for (const { name, as } of importsOf(link)) {
      if (name.startsWith('@')) imported.set(as.slice(1), name.slice(1));
      else types.add(as);
    }
  }
  const isLinked = links.some((link) => OF_FEDERATION.test(textOf(link, 'url') ?? ''));
  const own = new Set<string>();
  if (isLinked) {
    for (const node of document.definitions) {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) own.add(node.name.value);
    }
  }
  return {
    directive(name) {
      const known = imported.get(name);
      if (known !== undefined) return known;
      const [prefix = '', element] = parted(name);
      if (element !== undefined) return prefixes.has(prefix) || isDirectiveOfFederation(name) ? element : undefined;
      const root = prefixes.get(name);
      if (root !== undefined) return root;
      return isDirectiveOfFederation(name) && !own.has(name) ? name : undefined;
    },
    isType: (name) => types.has(name) || prefixes.has(parted(name)[0] ?? '') || isTypeOfFederation(name),
  };
}

/** The document in the specifications' own names, without their definitions, and without directives that could be mistaken for theirs. */
export function inPlainNames(document: DocumentNode, names: LinkedNames): DocumentNode {
  const plain = (name: string): string | undefined => {
    const known = names.directive(name);
    return known === undefined && isDirectiveOfFederation(name) ? undefined : (known ?? name);
  };
  return visit(document, {
    [Kind.DIRECTIVE](node) {
      const name = plain(node.name.value);
      if (name === undefined) return null;
      return name === node.name.value ? undefined : { ...node, name: { ...node.name, value: name } };
    },
    [Kind.DIRECTIVE_DEFINITION]: ({ name }) =>
      plain(name.value) === name.value && names.directive(name.value) === undefined ? undefined : null,
    [Kind.SCALAR_TYPE_DEFINITION]: ({ name }) => (names.isType(name.value) ? null : undefined),
    [Kind.ENUM_TYPE_DEFINITION]: ({ name }) => (names.isType(name.value) ? null : undefined),
  });
}

/** The directive `@link` may have another name itself: then one of its uses links its own specification by that name. */
function linksOf({ definitions }: DocumentNode): {
  readonly links: readonly ConstDirectiveNode[];
  readonly by: string;
} {
  const onSchema = definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION ? (node.directives ?? []) : [],
  );
  const itself = onSchema.find((one) => {
    if (!OF_LINK.test(textOf(one, 'url') ?? '')) return false;
    const imported = importsOf(one)
      .find(({ name }) => name === '@link')
      ?.as.slice(1);
    return one.name.value === (imported ?? textOf(one, 'as') ?? 'link');
  });
  const by = itself?.name.value ?? 'link';
  return { links: onSchema.filter((one) => one.name.value === by), by };
}

interface Import {
  readonly name: string;
  readonly as: string;
}

function importsOf(link: ConstDirectiveNode): readonly Import[] {
  const list = link.arguments?.find(({ name }) => name.value === 'import')?.value;
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((value): readonly Import[] => {
    if (value.kind === Kind.STRING) return [{ name: value.value, as: value.value }];
    if (value.kind !== Kind.OBJECT) return [];
    const name = member(value, 'name');
    return name === undefined ? [] : [{ name, as: member(value, 'as') ?? name }];
  });
}

function member({ fields }: ConstObjectValueNode, name: string): string | undefined {
  const value: ConstValueNode | undefined = fields.find((one) => one.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** `federation__key` is `key` of `federation`. */
function parted(name: string): readonly [string, string] | readonly [] {
  const at = name.indexOf('__');
  return at <= 0 ? [] : [name.slice(0, at), name.slice(at + 2)];
}
