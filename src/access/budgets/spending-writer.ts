import type { Clock, Timer } from '../../runtime/index.ts';
import type { Meter } from './meter.ts';
import type { BudgetStore } from './store.ts';

/** Milliseconds from a settled call to its place on disk, at most; all calls of that time are one commit. */
const WRITE_AFTER_MS = 100;
/** Milliseconds until a store that refused is tried again. */
const RETRY_AFTER_MS = 1_000;

export interface SpendingWriterOptions {
  readonly store: BudgetStore;
  readonly clock: Clock;
  /** The store refused; what it should have kept is kept in memory, and tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** Brings what was spent to the store, in group commits. */
export class SpendingWriter {
  readonly #options: SpendingWriterOptions;
  readonly #changed = new Set<Meter>();
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  constructor(options: SpendingWriterOptions) {
    this.#options = options;
  }

  changed(meter: Meter): void {
    this.#changed.add(meter);
    this.#writeIn(WRITE_AFTER_MS);
  }

  forget(meter: Meter): void {
    this.#changed.delete(meter);
  }

  /** Writes what there is to write; what changes afterwards is not written. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#writing;
    await this.#write();
  }

  #writeIn(ms: number): void {
    if (this.#closed || this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = this.#options.clock.setTimer(() => {
      this.#timer = undefined;
      this.#writing = this.#write().then((done) => {
        this.#writing = undefined;
        if (this.#changed.size > 0) this.#writeIn(done ? WRITE_AFTER_MS : RETRY_AFTER_MS);
      });
    }, ms);
  }

  async #write(): Promise<boolean> {
    const { store, clock, onFailure } = this.#options;
    const meters = [...this.#changed];
    if (meters.length === 0) return true;
    this.#changed.clear();
    try {
      const now = clock.now();
      await store.saveSpending(meters.flatMap((meter) => meter.records(now)));
      return true;
    } catch (error: unknown) {
      for (const meter of meters) this.#changed.add(meter);
      onFailure(error);
      return false;
    }
  }
}
