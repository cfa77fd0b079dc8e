import type { Problem } from '../../errors/index.ts';

/** Told at most, so that a large request gets no larger answer. */
const MAX_TOLD = 20;

/** A request that was understood, and that is not as it must be. Answered as HTTP 400, or as given. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly statusCode: number;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], statusCode = 400) {
    const told = problems.slice(0, MAX_TOLD);
    super(told.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join(' '));
    this.problems = told;
    this.statusCode = statusCode;
  }
}
