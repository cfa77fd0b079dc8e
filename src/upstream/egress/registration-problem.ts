import type { UpstreamFailure } from '../../errors/index.ts';

/**
 * What the one who registers a URL may know of a failed try to reach it. Refused, closed, timed out, not
 * found and not allowed read alike: otherwise registration would be a port scanner of the inside network.
 */
export function registrationProblem(failure: UpstreamFailure): string {
  if (failure.status !== undefined) return `answered with HTTP status ${failure.status}`;
  switch (failure.reason) {
    case 'tls_certificate_error':
      return 'has a TLS certificate that is not valid for it';
    case 'http_response_body_size':
      return 'answered with more bytes than are accepted';
    default:
      return 'could not be reached';
  }
}
