import { UpstreamFailure, WeirError } from '../../errors/index.ts';

/**
 * The arguments cannot be put into a request without changing what they mean, so nothing was sent.
 * Unlike other failures it tells the client why: the text speaks only of the client's own arguments, by name.
 */
export class RequestRefused extends UpstreamFailure {
  readonly problem: string;

  constructor(problem: string) {
    super({
      code: 'UPSTREAM_REJECTED',
      // RFC 9209 section 2.3.23: the intermediary answers 4xx in the upstream's place.
      reason: 'http_request_error',
      detail: problem,
      neverLeft: true,
      retryable: false,
      countsAgainstHealth: false,
    });
    this.problem = problem;
  }

  override toClientError(source: string, attempts: number): WeirError {
    return new WeirError(this.code, `${source} was not called: ${this.problem}`, {
      source,
      reason: this.reason,
      retryable: false,
      attempts,
    });
  }
}
