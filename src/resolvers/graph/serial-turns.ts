/**
 * Lets the mutations under one namespace run one after another, in the order they are selected.
 * GraphQL itself promises that only for fields of the root, and runs the fields below them at once;
 * the executor calls resolvers in selection order, so turns are given in the order they are asked for.
 * A mutation that fails does not keep the next one from running, as in the root.
 */
export class SerialTurns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
