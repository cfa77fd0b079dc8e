import { type Problem, UpstreamFailure, WeirError } from '../../../errors/index.ts';

/** Told at most, so that a large request gets no larger answer. */
const MAX_TOLD = 20;

/**
 * A caller's values are not as the prompt declares them, so no model was asked and no rung of the ladder tried: neither a
 * kept answer nor a fallback would be one to what was asked. Tells each place and what was expected there, never a value.
 */
export class InputRefused extends UpstreamFailure {
  /** Paths begin with the variable's name. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const told = problems.slice(0, MAX_TOLD);
    super({
      code: 'BAD_USER_INPUT',
      // RFC 9209 section 2.3.23: the intermediary answers 4xx in the upstream's place.
      reason: 'http_request_error',
      detail: told.map(({ path, message }) => `${path}: ${message}`).join(' '),
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: false,
    });
    this.problems = told;
  }

  override toClientError(source: string): WeirError {
    return new WeirError(this.code, `${source} was not called: ${this.detail}`, {
      source,
      reason: this.reason,
      retryable: false,
      attempts: 0,
      problems: this.problems,
    });
  }
}
