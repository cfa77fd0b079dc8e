import type { ErrorCode } from './codes.ts';

/** One thing that is wrong with an input. */
export interface Problem {
  /** Where: a JSON pointer into a document (`/paths/~1pets/get`) or an input path (`input.name`). */
  readonly path: string;
  /** What was expected, and what came. */
  readonly message: string;
}

/** What a client may see beside the code. Everything in it must be safe to show to that client. */
export interface ErrorDetails {
  readonly problems?: readonly Problem[];
  readonly [key: string]: unknown;
}

/**
 * An error that a client is meant to see: a public code, a message that restates the contract,
 * and details that are safe to show. Everything else is masked at the door.
 */
export class WeirError extends Error {
  override readonly name: string = 'WeirError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  /** What GraphQL carries in `errors[].extensions`. */
  get extensions(): Record<string, unknown> {
    return { code: this.code, ...this.details };
  }
}

/** A definition was refused. Lists every problem, never only the first. */
export class InvalidDefinition extends WeirError {
  override readonly name = 'InvalidDefinition';

  constructor(problems: readonly Problem[], message?: string) {
    const first = problems[0];
    super(
      'INVALID_DEFINITION',
      message ??
        `The definition has ${problems.length} problem${problems.length === 1 ? '' : 's'}` +
          (first === undefined ? '.' : `; first, at ${first.path || '/'}: ${first.message}`),
      { problems },
    );
  }
}
