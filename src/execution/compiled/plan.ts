import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isNonNullType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
// Not in the index of graphql 16, but what its own executor collects with; typed, and pinned with the package.
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { fieldMark, hasEntities } from '../../schema/index.ts';
import { readByResponseKey } from '../../sources/index.ts';
import { completerFor } from './complete.ts';
import { fetchedFields } from './fetched-fields.ts';
import { fieldSources } from './field-sources.ts';
import { plainArguments } from './plain-arguments.ts';
import type { FieldPlan, OperationPlan, SelectionPlan } from './types.ts';

/**
 * The plan of one operation for one set of conditions (variables of `@skip` and `@include`), made as far as answers
 * ask for it. A selection that several fragments lead to is planned once, so the plan is not larger than the document.
 */
export class LazyPlan implements OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly #conditions: Record<string, unknown>;
  readonly #selections = new Map<string, SelectionPlan>();
  readonly #numbers = new Map<FieldNode, number>();
  readonly #tracksProducers: boolean;
  #root: SelectionPlan | undefined;

  constructor(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Record<string, FragmentDefinitionNode>,
    conditions: Record<string, unknown>,
  ) {
    this.schema = schema;
    this.operation = operation;
    this.fragments = fragments;
    this.#conditions = conditions;
    this.#tracksProducers = hasEntities(schema);
  }

  rootSelection(type: GraphQLObjectType): SelectionPlan {
    this.#root ??= this.#plan(
      type,
      collectFields(this.schema, this.fragments, this.#conditions, type, this.operation.selectionSet),
      undefined,
    );
    return this.#root;
  }

  subselection(type: GraphQLObjectType, nodes: readonly FieldNode[], producer: string | undefined): SelectionPlan {
    const numbers = nodes.map((node) => this.#number(node)).join();
    const key = producer === undefined ? `${type.name} ${numbers}` : `${type.name} ${numbers} ${producer}`;
    let selection = this.#selections.get(key);
    if (selection === undefined) {
      const collected = collectSubfields(this.schema, this.fragments, this.#conditions, type, nodes);
      selection = this.#plan(type, collected, producer);
      this.#selections.set(key, selection);
    }
    return selection;
  }

  #plan(
    type: GraphQLObjectType,
    collected: ReadonlyMap<string, readonly FieldNode[]>,
    producer: string | undefined,
  ): SelectionPlan {
    const sources = producer === undefined ? undefined : fieldSources(type, producer, collected);
    const fields: FieldPlan[] = [];
    for (const [key, nodes] of collected) {
      const [first] = nodes;
      const definition = first === undefined ? undefined : this.#definition(type, first.name.value);
      if (first === undefined || definition === undefined) continue;
      const nullable = !isNonNullType(definition.type);
      const found = sources?.of(definition);
      const resolver = found === undefined ? definition.resolve : found.resolve;
      const readsByKey = resolver === readByResponseKey;
      const inner = isNonNullType(definition.type) ? definition.type.ofType : definition.type;
      fields.push({
        key,
        nodes,
        first,
        parentType: type,
        definition,
        // A resolver that only reads is not worth a call for every field of every object.
        resolve: readsByKey ? undefined : resolver,
        property: readsByKey ? key : definition.name,
        plainArguments: definition.args.length > 0 && !readsByKey ? plainArguments(definition, first) : undefined,
        constant: definition === TypeNameMetaFieldDef ? type.name : undefined,
        nullable,
        leaf: isLeafType(inner),
        producer: this.#tracksProducers ? (found?.producer ?? fieldMark(definition)?.source ?? producer) : undefined,
        origin: found?.origin,
        complete: completerFor(definition.type),
      });
    }
    const steps = sources?.steps;
    return { fields, fetched: fetchedFields(fields, steps), steps, plainObject: !collected.has('__proto__') };
  }

  #definition(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
    if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
    if (type === this.schema.getQueryType()) {
      if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
      if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    }
    return type.getFields()[name];
  }

  #number(node: FieldNode): number {
    let number = this.#numbers.get(node);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(node, number);
    }
    return number;
  }
}
