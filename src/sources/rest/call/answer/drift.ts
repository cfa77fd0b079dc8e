import { WeirError } from '../../../../errors/index.ts';
import type { Clock } from '../../../../runtime/index.ts';
import type { DriftRecord } from '../../../source.ts';

/** A step from a value to a part of it: a property, an item's index, or a key of the upstream's own making. */
export type Step = string | number | typeof anyKey;
/** Keys of maps are data of the upstream: they are never shown. */
export const anyKey: unique symbol = Symbol('anyKey');

/** Something in an answer that is not as described. */
export interface Finding {
  readonly expected: string;
  readonly received: string;
  /** JSON path with `*` for every index and key. */
  readonly kindOfPlace: string;
  /** Called by each level of decoding, innermost first. */
  under(step: Step): void;
}

/**
 * A part of an answer is not what the document says. Stands in the answer where the value would be,
 * so that GraphQL reports it if the part is selected, and only then.
 * Tells where, what was expected and the type of what came; never the value.
 */
export class DriftError extends WeirError implements Finding {
  override readonly name = 'DriftError';
  readonly expected: string;
  readonly received: string;
  readonly #steps: Step[] = [];

  constructor(source: string, expected: string, received: string) {
    super(
      'UPSTREAM_INVALID_RESPONSE',
      `${source} answered with a value that does not fit its description: expected ${expected}, came ${received}.`,
      { source, reason: 'http_protocol_error', retryable: true, expected, received },
    );
    this.expected = expected;
    this.received = received;
  }

  under(step: Step): void {
    this.#steps.push(step);
  }

  /** JSON path of the part in the upstream's answer, such as `$.items[3].price`. */
  get place(): string {
    return pathText(this.#steps, (index) => String(index));
  }

  get kindOfPlace(): string {
    return pathText(this.#steps, () => '*');
  }

  override get extensions(): Record<string, unknown> {
    return { ...super.extensions, place: this.place };
  }
}

/**
 * A required part was absent, or null where null is not described. It costs nothing: everything an upstream
 * answers is nullable in the graph, and absence is what null says. It is counted all the same.
 */
export class Absence implements Finding {
  readonly expected: string;
  readonly received: string;
  readonly #steps: Step[] = [];

  constructor(expected: string, received: 'nothing' | 'null') {
    this.expected = expected;
    this.received = received;
  }

  under(step: Step): void {
    this.#steps.push(step);
  }

  get kindOfPlace(): string {
    return pathText(this.#steps, () => '*');
  }
}

function pathText(steps: readonly Step[], index: (value: number) => string): string {
  return steps.reduceRight<string>((path, step) => {
    if (step === anyKey) return `${path}[*]`;
    if (typeof step === 'number') return `${path}[${index(step)}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `${path}.${step}` : `${path}[${JSON.stringify(step)}]`;
  }, '$');
}

/** Places remembered per source: enough to repair a document by, whatever an upstream makes up. */
const MAX_RECORDS = 500;

export class DriftLog {
  readonly #clock: Clock;
  readonly #records = new Map<string, DriftRecord>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(operation: string, { kindOfPlace: place, expected, received }: Finding): void {
    const key = `${operation}\n${place}\n${expected}\n${received}`;
    const known = this.#records.get(key);
    if (known === undefined && this.#records.size >= MAX_RECORDS) return;
    this.#records.set(key, {
      operation,
      place,
      expected,
      received,
      count: (known?.count ?? 0) + 1,
      lastSeenAt: this.#clock.now(),
    });
  }

  /** Most frequent first. */
  records(): readonly DriftRecord[] {
    return [...this.#records.values()].sort((a, b) => b.count - a.count);
  }
}
