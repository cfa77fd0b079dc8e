import { WeirError } from '../../../errors/index.ts';

/** One mutation at a time for each source. Whoever comes second is told so at once: nobody waits. */
export class SourceLocks {
  readonly #held = new Map<string, string>();

  /** Runs `work` alone on `name`. Throws CONFLICT while another mutation is under way there. */
  async hold<T>(name: string, action: string, work: () => Promise<T>): Promise<T> {
    const other = this.#held.get(name);
    if (other !== undefined) {
      throw new WeirError(
        'CONFLICT',
        `${action} cannot start: ${other} is under way on ${name}. Try again when it is done.`,
        {
          source: name,
        },
      );
    }
    this.#held.set(name, action);
    try {
      return await work();
    } finally {
      this.#held.delete(name);
    }
  }
}
