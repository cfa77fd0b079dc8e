import {
  coerceInputValue,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNullableType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  isScalarType,
} from 'graphql';
import { inputTypeAt } from '../link/argument-tree.ts';
import { NAME } from '../link/check-slots.ts';
import { leafFits, listDepth } from '../link/fits.ts';
import { leafAt } from '../link/leaf-at.ts';
import type { EntityNeed, EntitySlot } from './checked-entity.ts';
import type { EntityArgument, EntitySpec } from './entity.ts';

/** Notes a problem at a place in a declaration. */
export type Add = (path: string, message: string) => void;

/** Reads the arguments of one declaration, and gathers which fields of the entity they take. */
export class ArgumentReader {
  readonly needs: EntityNeed[] = [];
  readonly #spec: EntitySpec;
  readonly #type: GraphQLObjectType;
  readonly #field: GraphQLField<unknown, unknown>;
  readonly #add: Add;

  constructor(spec: EntitySpec, type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, add: Add) {
    this.#spec = spec;
    this.#type = type;
    this.#field = field;
    this.#add = add;
  }

  read(argument: EntityArgument, index: number, isKey: boolean): EntitySlot | undefined {
    const { name } = argument;
    const path = name.split('.');
    const add: Add = (part, message) => this.#add(`arguments.${index}.${part}`, message);
    const whole = inputTypeAt(this.#field.args, name);
    if (whole === undefined) {
      add('name', `Expected an argument of ${this.#spec.operation}; got ${JSON.stringify(name)}.`);
      return undefined;
    }
    const type = isKey ? itemOf(whole) : whole;
    switch (argument.from) {
      case 'FIELD': {
        const need = this.#need(argument.field, type, true, (message) => add('field', message));
        return { from: 'FIELD', path, need };
      }
      case 'FIELDS':
        return this.#fields(argument, path, type, add);
      case 'VALUE': {
        if (isKey)
          add('value', `Expected fields of ${this.#type.name}, as the operation takes keys here; got a value.`);
        let fits = true;
        const value: unknown = coerceInputValue(argument.value, type, (_path, _value, error) => {
          fits = false;
          add('value', `Expected a value of ${String(type)}; ${error.message}`);
        });
        return fits ? { from: 'VALUE', path, value } : undefined;
      }
      default: {
        const never: never = argument;
        return never;
      }
    }
  }

  #fields(
    argument: Extract<EntityArgument, { from: 'FIELDS' }>,
    path: readonly string[],
    type: GraphQLInputType,
    add: Add,
  ): EntitySlot | undefined {
    const holder = getNullableType(type);
    if (!isInputObjectType(holder) && !isScalarType(holder)) {
      add('name', `Expected an argument that takes an object; ${argument.name} is ${String(type)}.`);
      return undefined;
    }
    const fields = argument.fields.map((text, at) => {
      const inner = isInputObjectType(holder) ? inputAt(holder, text.split('.')) : undefined;
      if (isInputObjectType(holder) && inner === undefined) {
        add(`fields.${at}`, `Expected a field of ${holder.name}; got ${JSON.stringify(text)}.`);
      }
      const required = this.#spec.key.includes(text);
      const need = this.#need(text, inner, required, (message) => add(`fields.${at}`, message));
      return { path: text.split('.'), need };
    });
    if (isInputObjectType(holder)) {
      const given = new Set(argument.fields.map((text) => text.split('.')[0]));
      for (const field of Object.values(holder.getFields())) {
        if (!isRequiredInputField(field) || given.has(field.name)) continue;
        add('fields', `Expected a value for ${holder.name}.${field.name}, which the operation requires; got none.`);
      }
    }
    return { from: 'FIELDS', path, fields, typename: argument.typename };
  }

  /** A field that the source itself does not have is one that another source gives: whether it fits shows in a graph. */
  #need(text: string, type: GraphQLInputType | undefined, required: boolean, add: (message: string) => void): number {
    const path = text.split('.');
    const [first = ''] = path;
    if (!path.every((step) => NAME.test(step))) add(`Expected a path of fields; got ${JSON.stringify(text)}.`);
    if (this.#type.getFields()[first] !== undefined) {
      const found = leafAt(this.#type, path);
      if (!found.ok) add(found.message);
      else if (type !== undefined && !(leafFits(found.leaf, type) && found.lists === listDepth(type))) {
        add(`Expected a field that fits ${String(type)}; ${text} is ${found.type}.`);
      }
    }
    const index = this.needs.findIndex((one) => one.path.join('.') === text && one.type === type);
    if (index >= 0) return index;
    this.needs.push({ path, type, required });
    return this.needs.length - 1;
  }
}

function itemOf(type: GraphQLInputType): GraphQLInputType {
  const list = getNullableType(type);
  return isListType(list) ? list.ofType : list;
}

function inputAt(type: GraphQLInputType, path: readonly string[]): GraphQLInputType | undefined {
  let at: GraphQLInputType | undefined = type;
  for (const step of path) {
    const holder: GraphQLInputType | undefined = at && getNullableType(at);
    at = isInputObjectType(holder) ? holder.getFields()[step]?.type : undefined;
  }
  return at;
}
