import { type GraphQLError, locatedError, responsePathAsArray } from 'graphql';
import type { ErrorSink, FieldPlan, Path } from './types.ts';

/** The errors of one run. */
export class CollectedErrors implements ErrorSink {
  readonly #errors: GraphQLError[] = [];
  readonly #nulled = new Set<Path | undefined>();

  get all(): readonly GraphQLError[] {
    return this.#errors;
  }

  handle(raw: unknown, plan: FieldPlan, path: Path, nullable: boolean): null {
    const error = locatedError(raw, plan.nodes, [...responsePathAsArray(path), ...pathBelow(raw)]);
    if (!nullable) throw error;
    this.add(error, path);
    return null;
  }

  add(error: GraphQLError, path: Path | undefined): void {
    if (this.#isNulled(path)) return;
    this.#nulled.add(path);
    this.#errors.push(error);
  }

  #isNulled(path: Path | undefined): boolean {
    if (this.#nulled.size === 0) return false;
    for (let step = path; step !== undefined; step = step.prev) if (this.#nulled.has(step)) return true;
    return this.#nulled.has(undefined);
  }
}

/** An upstream that executed a selection itself knows better where in it something failed. */
function pathBelow(raw: unknown): readonly (string | number)[] {
  const known = typeof raw === 'object' && raw !== null && 'pathBelow' in raw ? raw.pathBelow : undefined;
  return Array.isArray(known) ? known : [];
}
