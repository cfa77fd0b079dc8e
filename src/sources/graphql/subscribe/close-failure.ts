import { CloseCode } from 'graphql-ws';
import type { UpstreamFailure } from '../../../errors/index.ts';
import { failures } from './failures.ts';

/**
 * What a WebSocket's close code says (RFC 6455 section 7.4.1, the registry it began, and the protocol's own codes). The
 * reason beside it is not read: it may say anything.
 */
export function closeFailure(code: number): UpstreamFailure {
  const detail = `the WebSocket was closed with code ${code}`;
  switch (code) {
    case CloseCode.Unauthorized:
    case CloseCode.Forbidden:
    case 1008: // policy violation
      return failures.refused(detail, false);
    case CloseCode.BadRequest:
    case CloseCode.SubprotocolNotAcceptable:
    case CloseCode.SubscriberAlreadyExists:
    case CloseCode.TooManyInitialisationRequests:
    case 1002: // protocol error
    case 1003: // unsupported data
    case 1007: // invalid payload
    case 1009: // message too big
      return failures.protocol(detail);
    case 1013: // try again later
      return failures.overloaded(detail);
    case 1000: // normal closure
    case 1001: // going away
    case 1012: // service restart
    case CloseCode.ConnectionInitialisationTimeout:
      return failures.lost(detail, true);
    default:
      return failures.lost(detail, false);
  }
}
