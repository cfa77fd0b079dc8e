import { type DefinitionNode, Kind, parse, print, visit } from 'graphql';

/** Types that a subgraph has for its directives and its `_service` alone. */
const OF_FEDERATION = /^(?:link__.*|federation__.*|core__.*|_?FieldSet|_Service)$/;

/**
 * The SDL of a subgraph without what is between it and its supergraph, and without some fields of its object types
 * (`Type.field`); a type that has no others keeps them.
 */
export function withoutFields(sdl: string, left: ReadonlySet<string>): string {
  const document = parse(sdl, { noLocation: true });
  const definitions = document.definitions.filter((definition) => !isOfFederation(definition));
  const rest = visit(
    { ...document, definitions },
    {
      [Kind.OBJECT_TYPE_DEFINITION](type) {
        const fields = type.fields?.filter(({ name }) => !left.has(`${type.name.value}.${name.value}`)) ?? [];
        return fields.length === 0 || fields.length === type.fields?.length ? undefined : { ...type, fields };
      },
    },
  );
  return print(rest);
}

function isOfFederation(definition: DefinitionNode): boolean {
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) return true;
  return 'name' in definition && OF_FEDERATION.test(definition.name?.value ?? '');
}
