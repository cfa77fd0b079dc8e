import type { EntityLoader, EntityRequest, RequestContext } from '../../schema/index.ts';
import {
  type Call,
  type CheckedFetch,
  type EntitySlot,
  type Outcome,
  selectedValue,
  setPath,
} from '../../sources/index.ts';
import { type CallLoader, callLoader } from './call-loader.ts';
import { pathSteps } from './call-operation.ts';
import { entitySelection } from './linked-selection.ts';

/**
 * Fetches entities from one of their sources. What is asked for together goes out together; each place in the answer
 * is told of in the provenance under the paths of the fields that it is asked for.
 */
export function entityLoader(source: string, typeName: string, fetch: CheckedFetch): EntityLoader {
  const { operation, select, abstract } = fetch;
  const of = { producer: source, typeName, inside: select, abstract: abstract !== undefined };
  return (values, request, context) => {
    const loader = callLoader(context, source, operation.name);
    return loader.load(callFor(values, request), (outcome) => {
      tell(outcome, loader, request, context);
      return entityIn(outcome);
    });
  };

  function callFor(values: readonly unknown[], { place, info }: EntityRequest): Call {
    const given = argumentsOf(fetch.slots, values);
    const key = fetch.bulk === undefined ? undefined : argumentOf(fetch.bulk, values);
    if (operation.selects !== true) return { arguments: given, key };
    return { arguments: given, key, selection: entitySelection(place, info, of) };
  }

  function tell(outcome: Outcome, loader: CallLoader, { place, path }: EntityRequest, context: RequestContext): void {
    const shared = loader.wasSeen(outcome.batch ?? outcome);
    if (shared && !context.provenance.tellsPath(outcome)) return;
    const object = pathSteps(path);
    const paths = place.keys.length === 0 ? [object] : place.keys.map((key) => [...object, key]);
    for (const [index, fieldPath] of paths.entries()) {
      const entry = { source, operation: operation.name, path: fieldPath, outcome };
      context.provenance.record(shared || index > 0 ? { ...entry, shared: true } : entry);
    }
  }

  function entityIn(outcome: Outcome): unknown {
    if (outcome.kind === 'FAILED') {
      throw placeless(outcome.failure.toClientError(source, outcome.attempts.length, outcome.retryAfterMs));
    }
    const value = selectedValue(outcome.value, select);
    if (value instanceof Error) throw placeless(value);
    return abstract === undefined ? value : isOfType(value).then((is) => (is ? value : null));
  }

  /** What stands behind an interface or union may be something else of the same key. */
  async function isOfType(value: unknown): Promise<boolean> {
    if (value === null || value === undefined) return false;
    // No resolver of a source's types looks at the request.
    return (await abstract?.resolveType?.(value, undefined, undefined as never, abstract)) === typeName;
  }
}

const NO_ARGUMENTS = Object.freeze({});

function argumentsOf(slots: readonly EntitySlot[], values: readonly unknown[]): Readonly<Record<string, unknown>> {
  return slots.reduce<Readonly<Record<string, unknown>>>(
    (given, slot) => setPath(given, slot.path, argumentOf(slot, values)),
    NO_ARGUMENTS,
  );
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
