/**
 * What reading and mapping a document may warn of. `damage` is where the document is wrong, or where the graph
 * cannot say all that it says: `strict: true` refuses it. The rest is only good to know.
 */
export const WARNING_KINDS = {
  ADDITIONAL_PROPERTIES: {
    damage: true,
    meaning: 'An object has free keys beside its named ones; those are not in the graph.',
  },
  CIRCULAR: { damage: true, meaning: 'A schema is made of itself with no object in between.' },
  COMPLEX_COMPOSITION: { damage: true, meaning: 'Several lists of alternatives at once; the value is JSON.' },
  DISCRIMINATOR: { damage: true, meaning: 'A discriminator names something that is none of the alternatives.' },
  DUPLICATE_OPERATION_ID: {
    damage: true,
    meaning: 'Two operations have the same id; the second goes by method and path.',
  },
  ENUM_VALUE_RENAMED: { damage: false, meaning: 'Values of an enum are no GraphQL names.' },
  HEADER_IGNORED: { damage: false, meaning: 'A header that Weir itself sets is no argument.' },
  INPUT_CYCLE: { damage: true, meaning: 'Input types require each other in a circle; one field is nullable.' },
  INPUT_UNION: { damage: false, meaning: 'Alternatives in a request; the value is JSON.' },
  LINK_LEFT_OUT: { damage: false, meaning: 'A link of the document cannot be a field of a type.' },
  MALFORMED: { damage: true, meaning: 'A part of the document is not what it should be; it is left out.' },
  NO_RESPONSE_SCHEMA: { damage: false, meaning: 'The document does not say what an answer holds; it is JSON.' },
  NO_SUCCESS_RESPONSE: { damage: false, meaning: 'The document describes no success; whatever comes is JSON.' },
  PAGINATED: { damage: false, meaning: 'The field is a connection over the pages of its operation.' },
  PARAMETER_ADDED: { damage: true, meaning: 'A path has a placeholder that is no parameter.' },
  PARAMETER_IGNORED: { damage: true, meaning: 'A path parameter has no placeholder in its path.' },
  REFERENCE_REPAIRED: { damage: true, meaning: 'A reference in a form of old is read as it was meant.' },
  RENAMED: { damage: false, meaning: 'A name is no GraphQL name, or taken.' },
  SERVERS_IGNORED: { damage: false, meaning: 'Of several servers only the first is used.' },
  TEXT_ANSWER: { damage: false, meaning: 'An answer in a format that Weir does not take apart is text.' },
  TEXT_BODY: { damage: false, meaning: 'A request body in a format that Weir does not put together is text.' },
  UNRESOLVED_REFERENCE: { damage: true, meaning: 'A reference leads nowhere; any value is taken.' },
  UNTYPED: { damage: false, meaning: 'The document does not say what a value is; it is JSON.' },
} as const satisfies Record<string, { readonly damage: boolean; readonly meaning: string }>;

export type WarningKind = keyof typeof WARNING_KINDS;

export function isDamage(kind: string): boolean {
  return Object.hasOwn(WARNING_KINDS, kind) && WARNING_KINDS[kind as WarningKind].damage;
}
