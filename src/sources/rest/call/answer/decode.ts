import { isRecord } from '../../../shared/is-record.ts';
import type {
  AnswerReading,
  BoxShape,
  FieldShape,
  ListShape,
  MapShape,
  ObjectShape,
  Shape,
  UnionShape,
} from '../../plan.ts';
import type { Decode } from './decoding.ts';
import { anyKey } from './drift.ts';
import { compileEnum, compileScalar } from './scalars.ts';
import { chooseMember, type Member } from './union.ts';

/**
 * Compiles shapes of answers into closures, each shape once, cyclic ones too.
 * Decoded values are new and frozen; a wrong part is a DriftError in place of the value.
 */
export class DecodeCompiler {
  readonly #compiled = new Map<Shape, Decode>();
  /** Members of unions say which they are: `__typename`. */
  readonly #tagged = new Map<Member, Decode>();

  /** The decoder of one JSON answer. */
  compileReading(reading: Extract<AnswerReading, { as: 'json' }>): Decode {
    const { boxAs } = reading;
    if (boxAs === undefined) return this.compile(reading.shape);
    return nullSafe(this.#member(boxAs));
  }

  compile(shape: Shape): Decode {
    const known = this.#compiled.get(shape);
    if (known !== undefined) return known;
    let made: Decode | undefined;
    // A shape that refers to itself finds this while it is being compiled.
    this.#compiled.set(shape, (value, decoding) => (made ?? never)(value, decoding));
    made = nullSafe(this.#make(shape));
    this.#compiled.set(shape, made);
    return made;
  }

  #make(shape: Shape): Decode {
    switch (shape.kind) {
      case 'scalar':
        return compileScalar(shape);
      case 'enum':
        return compileEnum(shape);
      case 'list':
        return this.#list(shape);
      case 'map':
        return this.#map(shape);
      case 'object':
        return this.#object(shape, false);
      case 'union':
        return this.#union(shape);
      case 'box':
        return this.#box(shape);
      default: {
        const never: never = shape;
        return never;
      }
    }
  }

  #list(shape: ListShape): Decode {
    const decodeItem = this.compile(shape.item);
    return (value, decoding) => {
      if (!Array.isArray(value)) return decoding.drift('array', value);
      const { findings } = decoding;
      const out: unknown[] = new Array(value.length);
      for (let i = 0; i < value.length; i++) {
        const before = findings.length;
        out[i] = decodeItem(value[i], decoding);
        if (findings.length !== before) decoding.under(i, before);
      }
      return Object.freeze(out);
    };
  }

  #map(shape: MapShape): Decode {
    const decodeValue = this.compile(shape.value);
    return (value, decoding) => {
      if (!isRecord(value)) return decoding.drift('object', value);
      const { findings } = decoding;
      const out: unknown[] = [];
      for (const key of Object.keys(value)) {
        const before = findings.length;
        out.push(Object.freeze({ key, value: decodeValue(value[key], decoding) }));
        if (findings.length !== before) decoding.under(anyKey, before);
      }
      return Object.freeze(out);
    };
  }

  #object(shape: ObjectShape, tagged: boolean): Decode {
    // Compiled at the first answer: the fields of a recursive shape are filled after its creation.
    let fields: readonly CompiledField[] | undefined;
    return (value, decoding) => {
      if (!isRecord(value)) return decoding.drift('object', value);
      fields ??= shape.fields.map((field) => compileField(field, this.compile(field.shape)));
      const { findings } = decoding;
      const out: Record<string, unknown> = {};
      if (tagged) out.__typename = shape.typeName;
      for (const { field, property, decode, inherited, expectedAbsent, expectedNull } of fields) {
        const item = inherited && !Object.hasOwn(value, property) ? undefined : value[property];
        if (item === undefined) {
          if (expectedAbsent !== undefined) decoding.absent(expectedAbsent, 'nothing', property);
          out[field] = null;
        } else if (item === null) {
          if (expectedNull !== undefined) decoding.absent(expectedNull, 'null', property);
          out[field] = null;
        } else {
          const before = findings.length;
          out[field] = decode(item, decoding);
          if (findings.length !== before) decoding.under(property, before);
        }
      }
      return Object.freeze(out);
    };
  }

  #union(shape: UnionShape): Decode {
    return (value, decoding) => {
      const member = chooseMember(shape, value);
      if (member === undefined) return decoding.drift(`a member of ${shape.typeName}`, value);
      return this.#member(member)(value, decoding);
    };
  }

  #member(member: Member): Decode {
    const known = this.#tagged.get(member);
    if (known !== undefined) return known;
    const made = member.kind === 'box' ? this.#box(member) : this.#object(member, true);
    this.#tagged.set(member, made);
    return made;
  }

  #box(shape: BoxShape): Decode {
    const decodeValue = this.compile(shape.value);
    return (value, decoding) => Object.freeze({ __typename: shape.typeName, value: decodeValue(value, decoding) });
  }
}

interface CompiledField {
  readonly field: string;
  readonly property: string;
  readonly decode: Decode;
  /** Every object has something of this name, such as `constructor`: only an own property counts. */
  readonly inherited: boolean;
  readonly expectedAbsent: string | undefined;
  readonly expectedNull: string | undefined;
}

function compileField({ field, property, shape, required, nullable }: FieldShape, decode: Decode): CompiledField {
  return {
    field,
    property,
    decode,
    inherited: property in Object.prototype,
    expectedAbsent: required ? shape.kind : undefined,
    expectedNull: nullable ? undefined : shape.kind,
  };
}

function nullSafe(decode: Decode): Decode {
  return (value, decoding) => (value === null || value === undefined ? null : decode(value, decoding));
}

const never: Decode = () => {
  throw new Error('A decoder was used while it was being compiled.');
};
