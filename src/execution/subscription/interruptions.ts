import type { ExecutionResult } from 'graphql';

/** Gaps told in one answer: why, each reason once. */
export class Interruptions {
  #count = 0;
  readonly #reasons = new Set<string>();

  note(reason: string): void {
    this.#count++;
    this.#reasons.add(reason);
  }

  /**
   * The answer with `extensions.weir.interruptions`, if anything was noted since the last one: answers may be missing
   * between that one and this.
   */
  tell(result: ExecutionResult, graphVersion: number): ExecutionResult {
    if (this.#count === 0) return result;
    const interruptions = { count: this.#count, reasons: [...this.#reasons] };
    this.#count = 0;
    this.#reasons.clear();
    const report = result.extensions?.weir as Readonly<Record<string, unknown>> | undefined;
    const weir = { graphVersion, sources: [], ...report, degraded: true, interruptions };
    return { ...result, extensions: { ...result.extensions, weir } };
  }
}
