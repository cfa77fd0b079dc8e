import type { Problem } from '../../../errors/index.ts';

export interface ReadWarning extends Problem {
  /** Stable, upper snake case. */
  readonly kind: string;
}

/** What reading finds out on its way: problems refuse the document, warnings go with it. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly warnings: ReadWarning[] = [];

  problem(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  warn(kind: string, path: string, message: string): void {
    this.warnings.push({ kind, path, message });
  }
}
