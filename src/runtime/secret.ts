import { inspect } from 'node:util';

/**
 * A value that must never be shown: a credential inside a definition.
 * It prints, serialises and inspects as `[secret]`; only `reveal()` gives the text.
 * The registry encrypts every Secret it finds in a definition before storing it.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
