import type { Problem } from '../../../errors/index.ts';
import type { WarningKind } from '../openapi/warning-kinds.ts';

export interface ReadWarning extends Problem {
  readonly kind: WarningKind;
}

/** What reading finds out on its way: problems refuse the document, warnings go with it. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly warnings: ReadWarning[] = [];

  problem(path: string, message: string): void {
    this.problems.push({ path, message });
  }

  warn(kind: WarningKind, path: string, message: string): void {
    this.warnings.push({ kind, path, message });
  }
}
