import { type DocumentNode, Kind } from 'graphql';
import type { EntityOverride } from '../../entity/index.ts';
import { directivesNamed, hasDirective, textOf } from './directives.ts';
import { type Warn } from './not-heard.ts';

/** The fields that a subgraph takes over from others; what cannot be honoured is warned of. */
export function overridesOf(
  { definitions }: DocumentNode,
  inKeys: ReadonlySet<string>,
  warn: Warn,
): readonly EntityOverride[] {
  return definitions.flatMap((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    const { value: type } = node.name;
    const isEntity = hasDirective('key', node) && !hasDirective('interfaceObject', node);
    return (node.fields ?? []).flatMap((field): readonly EntityOverride[] => {
      const [override] = directivesNamed('override', field);
      const from = textOf(override, 'from');
      if (override === undefined || from === undefined) return [];
      const path = `${type}.${field.name.value}`;
      const label = textOf(override, 'label');
      const why = !isEntity
        ? `${type} is no entity of this source, and so shares no fields with ${from}.`
        : inKeys.has(path)
          ? `a field of a key is every source's that has the key.`
          : label !== undefined
            ? `a label (${JSON.stringify(label)}) overrides for a share of requests, which Weir does not; both sources give the field.`
            : undefined;
      if (why === undefined) return [{ type, field: field.name.value, from }];
      warn(path, `@override is not heard: ${why}`);
      return [];
    });
  });
}
