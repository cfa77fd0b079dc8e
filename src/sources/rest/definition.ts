import type { Secret } from '../../runtime/index.ts';
import type { EntitySpec } from '../entity/index.ts';
import type { Policy } from '../policy.ts';

/** Registration input of a REST source, as `RestSourceInput` of the admin API gives it. */
export interface RestInput {
  /** OpenAPI text, JSON or YAML. Exactly one of document and url. */
  readonly document?: string;
  readonly url?: string;
  readonly endpoints?: readonly EndpointInput[];
  readonly namespace?: string;
  readonly auth?: UpstreamAuth;
  readonly headers?: readonly { readonly name: string; readonly value: string | Secret }[];
  /** Names of client request headers to pass on. */
  readonly forwardHeaders?: readonly string[];
  /** Operation ids; a `*` stands for any run of characters. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly operations?: readonly OperationInput[];
  /** Types that it shares with other sources. */
  readonly entities?: readonly EntitySpec[];
  /** Untyped `additionalProperties` become JSON either way; typed ones a list of key and value, or JSON. */
  readonly maps?: 'LIST' | 'JSON';
  /** Refuse a document with any part that cannot be represented. */
  readonly strict?: boolean;
}

export interface EndpointInput {
  readonly url: string;
  readonly priority?: number;
  readonly weight?: number;
}

export interface OperationInput {
  /** Operation id. */
  readonly operation: string;
  /** The field's name in the graph instead of the derived one. */
  readonly field?: string;
  /** The name of the answer's type instead of the derived one (the prefix is still put before it). */
  readonly type?: string;
  readonly policy?: Policy;
  readonly notFoundIsNull?: boolean;
  /** The root it stands in, whatever its method says. */
  readonly as?: 'QUERY' | 'MUTATION';
  /** Its bulk form. */
  readonly batch?: BatchInput;
  /** The operation gives its list page by page; its field becomes a connection. */
  readonly pagination?: PaginationInput;
}

/** How the upstream hands out a list. Arguments and paths are in names of the graph. */
export interface PaginationInput {
  readonly style: PaginationStyle;
  /** Path inside the answer to the list; '' when the answer is the list. */
  readonly items: string;
  /** PAGE: the argument that takes the number of a page. */
  readonly pageArgument?: string;
  /** OFFSET: the argument that takes how many items to skip. */
  readonly offsetArgument?: string;
  /** CURSOR: the argument that takes the cursor of the answer before. */
  readonly cursorArgument?: string;
  /** The argument that takes how many items a page shall have. */
  readonly sizeArgument?: string;
  /** PAGE: what the upstream calls its first page. Default 1. */
  readonly firstPage?: number;
  /** Items in a page: what `sizeArgument` is given, or, without one, what the upstream's pages have. */
  readonly pageSize: number;
  /** CURSOR: path inside the answer to the cursor of the next page. */
  readonly nextCursor?: string;
  /** LINK: path inside the answer to the address of the next page. Default: it is in the `Link` header. */
  readonly nextLink?: string;
  /** Path inside the answer to the number of items on all pages. */
  readonly total?: string;
  /** Pages fetched at most for one field. Default 20. */
  readonly maxPages?: number;
}

/** By number of the page, by number of items before it, by a cursor in the answer, by an address in the answer or its `Link` header. */
export type PaginationStyle = 'PAGE' | 'OFFSET' | 'CURSOR' | 'LINK';

/** How one call answers for many keys. Exactly one of `matchBy`, `map` and `position`. */
export interface BatchInput {
  /** The argument that takes the keys, or a path into the body: `ids`, `input.ids`. */
  readonly argument: string;
  /** How the keys are sent; default: as the document describes the argument. */
  readonly form?: 'REPEATED' | 'COMMA' | 'JSON_BODY';
  /** Keys in one call at most; default 100. */
  readonly max?: number;
  /** Where in the answer the items are, in names of the graph. */
  readonly items?: string;
  /** The field of an item that holds its key, in names of the graph; several where a key is an object of them. */
  readonly matchBy?: string | readonly string[];
  readonly map?: boolean;
  readonly position?: boolean;
  /** A key may have several items. */
  readonly many?: boolean;
}

/** How Weir proves itself to the upstream. Secrets are write-only. */
export type UpstreamAuth =
  | { readonly bearer: { readonly token: Secret } }
  | { readonly basic: { readonly username: string; readonly password: Secret } }
  | { readonly apiKey: { readonly name: string; readonly in: 'HEADER' | 'QUERY' | 'COOKIE'; readonly value: Secret } }
  | {
      readonly oauth2: {
        readonly tokenUrl: string;
        readonly clientId: string;
        readonly clientSecret: Secret;
        readonly scopes?: readonly string[];
        /** How the client's id and secret are sent; default BASIC. */
        readonly clientAuthentication?: 'BASIC' | 'BODY';
      };
    };

/** What `read` makes of it: complete, references resolved, plain JSON but for Secrets. */
export interface RestDefinition {
  /** The document as OpenAPI 3.1 with all external references brought inside; internal `$ref`s stay. */
  readonly document: Record<string, unknown>;
  /** Where the document came from, when it was fetched. */
  readonly url: string | undefined;
  /** `openapi` or `swagger` version as it was given. */
  readonly originalVersion: string;
  /** Warnings of reading (upgrades, repairs); those of mapping come from `describe`. */
  readonly readWarnings: readonly { readonly kind: string; readonly path: string; readonly message: string }[];
  readonly endpoints: readonly { readonly url: string; readonly priority: number; readonly weight: number }[];
  readonly namespace: string;
  readonly auth: UpstreamAuth | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string | Secret }[];
  readonly forwardHeaders: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly operations: readonly OperationInput[];
  readonly entities?: readonly EntitySpec[];
  readonly maps: 'LIST' | 'JSON';
}
