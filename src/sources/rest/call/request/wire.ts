import { isRecord } from '../../../shared/is-record.ts';
import type { FieldShape, MapShape, ObjectShape, ScalarShape, Shape } from '../../plan.ts';

/** Turns a GraphQL value, as GraphQL coerced it, into the value the upstream's document describes. */
export type ToWire = (value: unknown) => unknown;

/** Compiles shapes of arguments and bodies; each shape once, cyclic ones too. */
export class WireCompiler {
  readonly #compiled = new Map<Shape, ToWire>();

  compile(shape: Shape): ToWire {
    const known = this.#compiled.get(shape);
    if (known !== undefined) return known;
    let made: ToWire | undefined;
    // A shape that refers to itself finds this while it is being compiled.
    this.#compiled.set(shape, (value) => (made ?? asIs)(value));
    made = nullSafe(this.#make(shape));
    this.#compiled.set(shape, made);
    return made;
  }

  #make(shape: Shape): ToWire {
    switch (shape.kind) {
      case 'scalar':
        return (value) => scalar(shape, value);
      case 'enum':
        return (value) => (typeof value === 'string' ? (shape.toWire.get(value) ?? value) : value);
      case 'list': {
        const item = this.compile(shape.item);
        return (value) => (Array.isArray(value) ? value.map(item) : [item(value)]);
      }
      case 'map':
        return this.#map(shape);
      case 'object':
        return this.#object(shape);
      case 'union':
        // GraphQL has no input unions: such an argument is JSON and already in wire form.
        return (value) => scalar(ANYTHING, value);
      case 'box': {
        const inner = this.compile(shape.value);
        return (value) => (isRecord(value) && 'value' in value ? inner(value.value) : inner(value));
      }
      default: {
        const never: never = shape;
        return never;
      }
    }
  }

  #map(shape: MapShape): ToWire {
    const inner = this.compile(shape.value);
    return (value) => {
      const out: Record<string, unknown> = Object.create(null);
      if (Array.isArray(value)) {
        for (const entry of value as readonly unknown[]) {
          if (isRecord(entry)) out[String(entry.key)] = inner(entry.value);
        }
      } else if (isRecord(value)) {
        for (const [key, item] of Object.entries(value)) out[key] = inner(item);
      }
      return out;
    };
  }

  #object(shape: ObjectShape): ToWire {
    let fields: readonly (FieldShape & { readonly toWire: ToWire })[] | undefined;
    return (value) => {
      if (!isRecord(value)) return value;
      fields ??= shape.fields.map((field) => ({ ...field, toWire: this.compile(field.shape) }));
      const out: Record<string, unknown> = Object.create(null);
      for (const { field, property, nullable, toWire } of fields) {
        const item = value[field];
        // A null is sent only where the document knows it: elsewhere it is the GraphQL way to leave out.
        if (item === undefined || (item === null && !nullable)) continue;
        out[property] = toWire(item);
      }
      return out;
    };
  }
}

const ANYTHING: ScalarShape = { kind: 'scalar', type: 'json', scalar: 'JSON' };

const asIs: ToWire = (value) => value;

function nullSafe(inner: ToWire): ToWire {
  return (value) => (value === null || value === undefined ? value : inner(value));
}

/** Scalars that GraphQL coerced into objects of JavaScript go back to text. */
function scalar(shape: ScalarShape, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Where there is no part to name, a file is its content.
  if (shape.scalar === 'File' && 'content' in value) return value.content;
  if (value instanceof Date) return dateText(shape.scalar, value);
  if (value instanceof URL) return value.href;
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  return value;
}

/** RFC 3339 section 5.6: `full-date`, `full-time` or `date-time`, by the GraphQL scalar's name. */
function dateText(scalarName: string, value: Date): string {
  const text = value.toISOString();
  if (scalarName === 'Date') return text.slice(0, 10);
  if (scalarName === 'Time') return text.slice(11);
  return text;
}

/** Whether a value of this shape can hold a 64-bit integer, so that it must be written and read with care. */
export function holdsBigInt(shape: Shape, seen: Set<Shape> = new Set()): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  switch (shape.kind) {
    case 'scalar':
      return shape.type === 'bigint';
    case 'enum':
      return false;
    case 'list':
      return holdsBigInt(shape.item, seen);
    case 'map':
    case 'box':
      return holdsBigInt(shape.value, seen);
    case 'object':
      return shape.fields.some((field) => holdsBigInt(field.shape, seen));
    case 'union':
      return shape.members.some((member) => holdsBigInt(member, seen));
    default: {
      const never: never = shape;
      return never;
    }
  }
}
