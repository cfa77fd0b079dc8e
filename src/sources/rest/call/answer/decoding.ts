import { Absence, DriftError, type Finding, type Step } from './drift.ts';

/** Turns a JSON value into a frozen value of the graph. What does not fit becomes a DriftError in its place. */
export type Decode = (value: unknown, decoding: Decoding) => unknown;

/** Absences beyond this are not noted: an answer can lack the same part a hundred thousand times. */
const MAX_ABSENCES = 50;

/** The state of decoding one answer. */
export class Decoding {
  /** The parser made bigints of long integers, also in places that do not ask for them. */
  readonly hasBigInt: boolean;
  /** A caller sees by its length whether a child had some. */
  readonly findings: Finding[] = [];
  readonly #source: string;
  #absences = 0;
  #drifts = 0;

  constructor(source: string, hasBigInt: boolean) {
    this.#source = source;
    this.hasBigInt = hasBigInt;
  }

  get drifted(): boolean {
    return this.#drifts > 0;
  }

  /** `expected` is told to clients: it speaks of the description, never of a value. */
  drift(expected: string, value: unknown): DriftError {
    const error = withoutStack(() => new DriftError(this.#source, expected, typeName(value)));
    this.#drifts++;
    this.findings.push(error);
    return error;
  }

  absent(expected: string, received: 'nothing' | 'null', step: Step): void {
    if (this.#absences >= MAX_ABSENCES) return;
    this.#absences++;
    const absence = new Absence(expected, received);
    absence.under(step);
    this.findings.push(absence);
  }

  /** All findings from this one on lie under the step. */
  under(step: Step, from: number): void {
    for (let i = from; i < this.findings.length; i++) this.findings[i]?.under(step);
  }
}

/** The type of a JSON value, and never the value. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'bigint':
      return 'integer';
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'undefined':
      return 'nothing';
    default:
      return typeof value;
  }
}

/** Errors that nobody reads the stack of are made without one: there may be thousands. */
function withoutStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
