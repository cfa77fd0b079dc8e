import type { LeafKind } from '../document/leaves.ts';

/** By the key under which a value stands in an answer. */
export type Leaves = ReadonlyMap<string, LeafKind>;

/**
 * Of the integers beyond 2^53 in an answer, keeps those that a scalar of the upstream's own carries: its reader knows
 * what to do with them. An ID becomes its digits; in all other places they are the numbers that JSON.parse makes.
 * Changes `value`, which has been parsed losslessly from an answer that has such integers.
 */
export function settleLongIntegers(value: unknown, leaves: Leaves = NO_LEAVES): unknown {
  return settle(value, leaves.get(''), leaves);
}

const NO_LEAVES: Leaves = new Map();

function settle(value: unknown, kind: LeafKind | undefined, leaves: Leaves): unknown {
  if (typeof value === 'bigint') return settled(value, kind);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) value[index] = settle(item, kind, leaves);
    return value;
  }
  const record = value as Record<string, unknown>;
  for (const [key, item] of Object.entries(record)) {
    if (typeof item !== 'bigint' && (typeof item !== 'object' || item === null)) continue;
    // Inside a scalar everything is the scalar's, whatever the client calls its own fields.
    record[key] = settle(item, kind === undefined ? leaves.get(key) : 'number', leaves);
  }
  return value;
}

function settled(value: bigint, kind: LeafKind | undefined): unknown {
  switch (kind) {
    case 'own':
      return value;
    case 'id':
      return value.toString();
    case 'number':
    case undefined:
      return Number(value);
    default: {
      const never: never = kind;
      return never;
    }
  }
}
