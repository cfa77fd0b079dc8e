import type { OperationDescription } from '../source.ts';

/**
 * What the mapping found out about a document, in the form the caller needs at run time:
 * how arguments become a request, and how an answer becomes a value of the graph.
 * Shapes refer to each other directly, so a recursive schema is a cyclic shape.
 */

/** A value on the wire, and the GraphQL value it becomes (answers) or comes from (arguments and bodies). */
export type Shape = ScalarShape | EnumShape | ListShape | MapShape | ObjectShape | UnionShape | BoxShape;

/** `json` is anything at all. `bigint` is an integer beyond 2^53: read from the text without loss. */
export interface ScalarShape {
  readonly kind: 'scalar';
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'bigint' | 'json';
  /** The GraphQL scalar's name, such as `DateTime`. */
  readonly scalar: string;
}

export interface EnumShape {
  readonly kind: 'enum';
  readonly typeName: string;
  /** GraphQL name by wire value (as JSON text: `"a b"`, `1`, `true`). */
  readonly toGraphQL: ReadonlyMap<string, string>;
  /** Wire value by GraphQL name. */
  readonly toWire: ReadonlyMap<string, string | number | boolean>;
}

export interface ListShape {
  readonly kind: 'list';
  readonly item: Shape;
}

/** A JSON object with free keys, in the graph a list of `{ key, value }`. */
export interface MapShape {
  readonly kind: 'map';
  readonly typeName: string;
  readonly value: Shape;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly typeName: string;
  /** Filled after creation where schemas are recursive. */
  readonly fields: FieldShape[];
}

export interface FieldShape {
  /** Name in the graph. */
  readonly field: string;
  /** Name on the wire. */
  readonly property: string;
  readonly shape: Shape;
  readonly required: boolean;
  readonly nullable: boolean;
}

/** The member is chosen by discriminator, then mapping, then shape. */
export interface UnionShape {
  readonly kind: 'union';
  readonly typeName: string;
  readonly discriminator: string | undefined;
  /** Member by discriminator value. */
  readonly mapping: ReadonlyMap<string, ObjectShape | BoxShape>;
  readonly members: (ObjectShape | BoxShape)[];
}

/** A value that is no object, put into one so that it can be a union's member: `{ value }`. */
export interface BoxShape {
  readonly kind: 'box';
  readonly typeName: string;
  readonly value: Shape;
}

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie';
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject';

export interface ParameterPlan {
  /** Argument of the field. */
  readonly argument: string;
  /** Name on the wire. */
  readonly name: string;
  readonly in: ParameterLocation;
  readonly style: ParameterStyle;
  readonly explode: boolean;
  readonly allowReserved: boolean;
  readonly required: boolean;
  /** Sent when the argument is left out. */
  readonly default?: unknown;
  readonly shape: Shape;
  /** The parameter has `content` instead of a schema: serialised whole, as this media type. */
  readonly mediaType?: string;
}

export interface BodyPlan {
  readonly argument: string;
  readonly mediaType: string;
  readonly encoding: 'json' | 'form' | 'multipart' | 'binary' | 'text';
  readonly required: boolean;
  readonly shape: Shape;
  /** Per property, for form and multipart bodies. */
  readonly properties?: Readonly<
    Record<
      string,
      {
        readonly contentType?: string;
        /** Sent as octets, with a filename. */
        readonly file?: boolean;
        readonly style?: ParameterStyle;
        readonly explode?: boolean;
      }
    >
  >;
}

export interface AnswerPlan {
  /** What the field gives. `none`: the operation has no answer body, the field is `true` on success. */
  readonly shape: Shape | 'none';
  /** A list of one shape per success status where they differ; the first that fits the status is used. */
  readonly byStatus: readonly { readonly status: string; readonly reading: AnswerReading }[];
  /** For a status that is not listed. */
  readonly otherwise: AnswerReading;
  /** A 404 means null, not an error. */
  readonly notFoundIsNull: boolean;
}

export type AnswerReading =
  | { readonly as: 'none' }
  | {
      readonly as: 'json';
      readonly shape: Shape /** The field's type is a union and this answer one member of it. */;
      readonly boxAs?: ObjectShape | BoxShape;
    }
  | { readonly as: 'text' }
  | { readonly as: 'base64' };

/** How the pages of an upstream become one connection. Paths and arguments are in names of the graph. */
export interface PagePlan {
  readonly style: 'PAGE' | 'OFFSET' | 'CURSOR' | 'LINK';
  /** Where in an answer the list is; empty: the answer itself. */
  readonly items: readonly string[];
  /** The argument that says which page; undefined for LINK, whose pages have addresses. */
  readonly positionArgument: string | undefined;
  readonly sizeArgument: string | undefined;
  readonly firstPage: number;
  readonly pageSize: number;
  /** CURSOR: where in an answer the cursor of the next page is. */
  readonly nextCursor: readonly string[] | undefined;
  /** LINK: where in an answer the address of the next page is; undefined: in the `Link` header (RFC 8288). */
  readonly nextLink: readonly string[] | undefined;
  readonly total: readonly string[] | undefined;
  /** Pages fetched at most for one call. */
  readonly maxPages: number;
}

export interface SecurityRequirement {
  /** Name of the scheme in the document. */
  readonly scheme: string;
  readonly scopes: readonly string[];
}

/** An operation of a REST source: what `describe` puts into `operations`. */
export interface RestOperation extends OperationDescription {
  readonly method: string;
  /** Template as in the document, such as `/pets/{petId}`. */
  readonly path: string;
  readonly parameters: readonly ParameterPlan[];
  readonly body: BodyPlan | undefined;
  readonly answer: AnswerPlan;
  /** Alternatives; each is a set that must all be met. Empty: no security. */
  readonly security: readonly (readonly SecurityRequirement[])[];
  /** The operation's or path's own servers, when it has any: they replace the endpoints' path prefix. */
  readonly servers: readonly string[];
  /** Its field is a connection over the upstream's pages, with the arguments `first` and `after`. */
  readonly pages?: PagePlan;
}
