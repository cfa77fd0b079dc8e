import type { SourceConnection } from '../../sources/index.ts';

/**
 * Counts by how many versions in use each connection is referred to, and closes it when that falls to none.
 * A connection is closed once, and is not taken again afterwards.
 */
export class ConnectionHolds {
  readonly #holds = new Map<SourceConnection, number>();
  readonly #closed = new WeakSet<SourceConnection>();
  readonly #closing = new Set<Promise<void>>();

  /** Throws, holding nothing, when one of them is closed already. */
  hold(connections: ReadonlySet<SourceConnection>): void {
    for (const connection of connections) {
      if (this.#closed.has(connection)) {
        throw new Error('A graph version must refer to open connections only; it has one that is closed.');
      }
    }
    for (const connection of connections) this.#holds.set(connection, (this.#holds.get(connection) ?? 0) + 1);
  }

  letGo(connections: ReadonlySet<SourceConnection>): void {
    for (const connection of connections) {
      const holds = this.#holds.get(connection);
      // None: closeAll was quicker.
      if (holds === undefined) continue;
      if (holds > 1) this.#holds.set(connection, holds - 1);
      else this.#close(connection);
    }
  }

  async closeAll(): Promise<void> {
    for (const connection of [...this.#holds.keys()]) this.#close(connection);
    await Promise.all(this.#closing);
  }

  #close(connection: SourceConnection): void {
    this.#holds.delete(connection);
    this.#closed.add(connection);
    const closing = Promise.resolve()
      .then(() => connection.close())
      .catch((error: unknown) => {
        // One that does not close must not keep the others, or the swap, from going on.
        process.emitWarning(error instanceof Error ? error : String(error), { code: 'WEIR_CONNECTION_CLOSE_FAILED' });
      })
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
