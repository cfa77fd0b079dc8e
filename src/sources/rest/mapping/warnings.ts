import type { Warning } from '../../source.ts';
import type { WarningKind } from '../openapi/warning-kinds.ts';

/** Collects warnings, each place and kind once. */
export class Warnings {
  readonly #seen = new Set<string>();
  readonly #list: Warning[] = [];

  add(kind: WarningKind, path: string, message: string): void {
    const key = `${kind} ${path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#list.push({ kind, path, message });
  }

  get list(): readonly Warning[] {
    return this.#list;
  }
}
