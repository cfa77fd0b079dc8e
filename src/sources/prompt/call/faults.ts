import { UpstreamFailure } from '../../../errors/index.ts';

/** The model answered with something else than was declared. `mistakes` never quote it. */
export function wrongAnswer(mistakes: readonly string[]): UpstreamFailure {
  return new UpstreamFailure({
    code: 'UPSTREAM_INVALID_RESPONSE',
    reason: 'http_protocol_error',
    detail: `the answer is not of the declared type: ${mistakes.join(' ')}`,
    retryable: true,
    countsAgainstHealth: false,
  });
}

/**
 * A stream broke after its first piece: no other attempt may follow, since what was told cannot be taken back.
 * Whoever reads the stream is told the failure itself, and may well ask again.
 */
export class BrokenStream extends UpstreamFailure {
  readonly broken: UpstreamFailure;

  constructor(broken: UpstreamFailure) {
    const { code, reason, detail, countsAgainstHealth, status, retryAfterMs, upstreamCode } = broken;
    super({
      code,
      reason,
      detail,
      countsAgainstHealth,
      retryable: false,
      cause: broken,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(upstreamCode === undefined ? {} : { upstreamCode }),
    });
    this.broken = broken;
  }
}
