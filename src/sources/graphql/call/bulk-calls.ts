import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import { type BatchDescription, callInBatches } from '../../batch/index.ts';
import { linkKey } from '../../link/index.ts';
import type { Outcome } from '../../outcome.ts';
import type { Call, Selection } from '../../source.ts';

type CallOnce = (call: Call) => Promise<Outcome>;

/**
 * Calls of an operation that has a bulk form. Calls with keys are given the selection of one item; those with the same
 * selection become as few calls as the bulk form allows, each asked for the items and what tells whose they are.
 */
export class BulkCalls {
  /** Whole selections by those of an item: equal ones must stay equal, as they are compiled once. */
  readonly #whole = new WeakMap<Selection['fieldNodes'], Selection['fieldNodes']>();

  call(batch: BatchDescription, calls: readonly Call[], once: CallOnce): Promise<readonly Outcome[]> {
    // As a rule they are all of one place in a document.
    const nodes = calls[0]?.selection?.fieldNodes;
    const isOneGroup = calls.every(({ key, selection }) => key !== undefined && selection?.fieldNodes === nodes);
    return isOneGroup ? this.#keyed(batch, calls, once) : this.#grouped(batch, calls, once);
  }

  async #grouped(batch: BatchDescription, calls: readonly Call[], once: CallOnce): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = new Array(calls.length);
    const groups = new Map<unknown, number[]>();
    const plain: Promise<void>[] = [];
    for (const [place, call] of calls.entries()) {
      if (call.key === undefined) {
        plain.push(this.#plain(call, place, outcomes, once));
        continue;
      }
      const same = call.selection?.fieldNodes;
      const places = groups.get(same);
      if (places === undefined) groups.set(same, [place]);
      else places.push(place);
    }
    await Promise.all([
      ...plain,
      ...[...groups.values()].map(async (places) => {
        const found = await this.#keyed(
          batch,
          places.map((place) => calls[place] as Call),
          once,
        );
        for (const [index, place] of places.entries()) outcomes[place] = found[index] as Outcome;
      }),
    ]);
    return outcomes;
  }

  async #plain(call: Call, place: number, outcomes: Outcome[], once: CallOnce): Promise<void> {
    outcomes[place] = await once(call);
  }

  #keyed(batch: BatchDescription, calls: readonly Call[], once: CallOnce): Promise<readonly Outcome[]> {
    const item = calls[0]?.selection;
    const selection = item && { ...item, fieldNodes: this.#wholeOf(item.fieldNodes, batch) };
    return callInBatches(
      readAsWritten(batch),
      calls,
      () => Number.POSITIVE_INFINITY,
      (args) => once(selection === undefined ? { arguments: args } : { arguments: args, selection }),
    );
  }

  #wholeOf(item: Selection['fieldNodes'], batch: BatchDescription): Selection['fieldNodes'] {
    let whole = this.#whole.get(item);
    if (whole === undefined) {
      const own = item.flatMap((node) => node.selectionSet?.selections ?? []);
      const set: SelectionSetNode = {
        kind: Kind.SELECTION_SET,
        selections: [...own, ...keyPaths(batch).map(keyField)],
      };
      whole = [fieldAt(['items', ...batch.items], set)];
      this.#whole.set(item, whole);
    }
    return whole;
  }
}

/** The bulk form as its answers are written: keys stand under names of their own, whatever the client selects. */
function readAsWritten(batch: BatchDescription): BatchDescription {
  const { match } = batch;
  switch (match.by) {
    case 'FIELD':
      return { ...batch, match: { by: 'FIELD', field: match.field.map(linkKey) } };
    case 'FIELDS':
      return {
        ...batch,
        match: { by: 'FIELDS', fields: match.fields.map(({ key, item }) => ({ key, item: item.map(linkKey) })) },
      };
    case 'MAP':
    case 'POSITION':
      return batch;
    default: {
      const never: never = match;
      return never;
    }
  }
}

function keyPaths({ match }: BatchDescription): readonly (readonly string[])[] {
  if (match.by === 'FIELD') return [match.field];
  return match.by === 'FIELDS' ? match.fields.map(({ item }) => item) : [];
}

function keyField([step = '', ...rest]: readonly string[]): FieldNode {
  const below =
    rest.length === 0 ? {} : { selectionSet: { kind: Kind.SELECTION_SET, selections: [keyField(rest)] } as const };
  return { kind: Kind.FIELD, name: nameOf(step), alias: nameOf(linkKey(step)), ...below };
}

/** The first step names nothing: it stands for the operation's own field. */
function fieldAt([step = '', ...rest]: readonly string[], set: SelectionSetNode): FieldNode {
  const selectionSet: SelectionSetNode =
    rest.length === 0 ? set : { kind: Kind.SELECTION_SET, selections: [fieldAt(rest, set)] };
  return { kind: Kind.FIELD, name: nameOf(step), selectionSet };
}

function nameOf(value: string) {
  return { kind: Kind.NAME, value } as const;
}
