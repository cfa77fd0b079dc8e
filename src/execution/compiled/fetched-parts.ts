import type { EntityStep, RequestContext } from '../../schema/index.ts';
import { readPath, setPath } from '../../sources/index.ts';
import { isPromise } from './is-promise.ts';
import type { FetchedOrigin, Path, PlannedStep, Run } from './types.ts';

/**
 * What is fetched from other sources for one object of an answer: each part once, whichever fields ask for it, and only
 * when one does. Parts that are made of the object's own values are asked for at once, so that those of all objects of
 * a list go out together.
 */
export class FetchedParts {
  readonly #run: Run;
  readonly #steps: readonly PlannedStep[];
  readonly #object: unknown;
  readonly #path: Path | undefined;
  readonly #parts: (Promise<unknown> | undefined)[];

  constructor(run: Run, steps: readonly PlannedStep[], object: unknown, path: Path | undefined) {
    this.#run = run;
    this.#steps = steps;
    this.#object = object;
    this.#path = path;
    this.#parts = new Array(steps.length);
  }

  /** The object from which a field is answered; null when there is none. */
  holderOf(origin: FetchedOrigin): unknown {
    if (origin.kind === 'STEP') return this.part(origin.step);
    const values = origin.parts.map(({ step, keys }) => this.#read(step, keys));
    const assembled = (read: readonly unknown[]): unknown =>
      origin.parts.reduce<Record<string, unknown>>((holder, { to }, index) => setPath(holder, to, read[index]), {});
    return values.some(isPromise) ? Promise.all(values).then(assembled) : assembled(values);
  }

  /** What a step fetches; null when there is none. */
  part(number: number): Promise<unknown> {
    let part = this.#parts[number];
    if (part === undefined) {
      part = this.#fetch(number);
      this.#parts[number] = part;
    }
    return part;
  }

  #fetch(number: number): Promise<unknown> {
    const planned = this.#steps[number];
    if (planned === undefined) throw new Error(`A plan must have the step ${number} that a field of it needs.`);
    let waits = false;
    const values = planned.step.needs.map(({ step, keys }) => {
      const value = this.#read(step, keys);
      waits ||= isPromise(value);
      return value;
    });
    return waits ? Promise.all(values).then((read) => this.#load(planned, read)) : this.#load(planned, values);
  }

  /** A part of the object that did not fit its description is an error in its place: it becomes the fields'. */
  #read(step: number | undefined, keys: readonly string[]): unknown {
    return step === undefined ? readPath(this.#object, keys) : this.part(step).then((part) => readPath(part, keys));
  }

  #load({ step, place }: PlannedStep, read: readonly unknown[]): Promise<unknown> {
    try {
      const values = converted(step, read);
      if (values === undefined) return NOTHING;
      const { info, context } = this.#run;
      return step.route.provider.load(values, { place, path: this.#path, info }, context as RequestContext);
    } catch (error: unknown) {
      return Promise.reject(error);
    }
  }
}

const NOTHING = Promise.resolve(null);

/** Undefined when there is nothing to ask by. */
function converted(step: EntityStep, read: readonly unknown[]): readonly unknown[] | undefined {
  const { needs } = step;
  const values: unknown[] = new Array(needs.length);
  for (let index = 0; index < needs.length; index++) {
    const need = needs[index];
    const value = read[index];
    if (value instanceof Error) throw value;
    const isMissing = value === null || value === undefined;
    if (isMissing && need?.required === true) return undefined;
    values[index] = isMissing ? null : need?.convert(value);
  }
  return values;
}
