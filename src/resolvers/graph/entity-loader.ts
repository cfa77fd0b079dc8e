import type { EntityLoader } from '../../schema/index.ts';
import {
  type Call,
  type CheckedFetch,
  type EntitySlot,
  type Outcome,
  selectedValue,
  setPath,
} from '../../sources/index.ts';
import { callLoader } from './call-loader.ts';
import { pathSteps } from './call-operation.ts';
import { entitySelection } from './linked-selection.ts';

/**
 * Fetches entities from one of their sources. What is asked for together goes out together; each place in the answer
 * is told of in the provenance under the paths of the fields that it is asked for.
 */
export function entityLoader(source: string, typeName: string, fetch: CheckedFetch): EntityLoader {
  const { operation, select, abstract } = fetch;
  const of = { producer: source, typeName, inside: select, abstract: abstract !== undefined };
  return async (values, { place, path, info }, context) => {
    const args = fetch.slots.reduce<Record<string, unknown>>(
      (given, slot) => setPath(given, slot.path, argumentOf(slot, values)),
      {},
    );
    const call: Call = {
      arguments: args,
      ...(fetch.bulk === undefined ? {} : { key: argumentOf(fetch.bulk, values) }),
      ...(operation.selects === true ? { selection: entitySelection(place, info, of) } : {}),
    };
    const loader = callLoader(context, source, operation.name);
    const outcome: Outcome = await loader.load(call);
    const upstreamCall = outcome.batch ?? outcome;
    const object = pathSteps(path);
    for (const fieldPath of place.keys.length === 0 ? [object] : place.keys.map((key) => [...object, key])) {
      const entry = { source, operation: operation.name, path: fieldPath, outcome };
      context.provenance.record(loader.wasSeen(upstreamCall) ? { ...entry, shared: true } : entry);
    }
    if (outcome.kind === 'FAILED') {
      throw placeless(outcome.failure.toClientError(source, outcome.attempts.length, outcome.retryAfterMs));
    }
    const value = selectedValue(outcome.value, select);
    if (value instanceof Error) throw placeless(value);
    return abstract === undefined || (await isOfType(value)) ? value : null;
  };

  /** What stands behind an interface or union may be something else of the same key. */
  async function isOfType(value: unknown): Promise<boolean> {
    if (value === null || value === undefined) return false;
    // No resolver of a source's types looks at the request.
    return (await abstract?.resolveType?.(value, undefined, undefined as never, abstract)) === typeName;
  }
}

function argumentOf(slot: EntitySlot, values: readonly unknown[]): unknown {
  switch (slot.from) {
    case 'FIELD':
      return values[slot.need];
    case 'FIELDS':
      return slot.fields.reduce<Record<string, unknown>>(
        (object, { path, need }) => setPath(object, path, values[need]),
        slot.typename === undefined ? {} : { __typename: slot.typename },
      );
    case 'VALUE':
      return slot.value;
    default: {
      const never: never = slot;
      return never;
    }
  }
}

/** An upstream's error says where below its own root it arose: that is no place in the client's answer. */
function placeless(error: Error): Error {
  return 'pathBelow' in error ? Object.create(error, { pathBelow: { value: [] } }) : error;
}
