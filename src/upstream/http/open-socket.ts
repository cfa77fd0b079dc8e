import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { UpstreamFailure } from '../../errors/index.ts';
import type { Clock } from '../../runtime/index.ts';
import type { EgressGuard } from '../egress/index.ts';
import type { Destination } from './destination.ts';
import { codeOf, failures } from './failures.ts';
import { type PacedReading, READ_ON_DEMAND } from './paced-reading.ts';
import type { Resolver } from './resolver.ts';

export interface OpenSocketServices {
  readonly egress: EgressGuard;
  readonly resolver: Resolver;
  readonly clock: Clock;
  /** Milliseconds for TCP and TLS together, over all addresses; DNS has its own. */
  readonly connectTimeoutMs: number;
  /** Trusted certificates, PEM; the default store when undefined. */
  readonly ca: readonly string[] | undefined;
  /** Reads what is opened at a pace. */
  readonly pacedReading?: PacedReading | undefined;
}

/** Where TLS sessions are kept, to be resumed by the next connection. */
export interface TlsSessions {
  readonly last: Buffer | undefined;
  keep(session: Buffer): void;
}

/**
 * Opens a connection to an address that the guard has passed: names are resolved here, every address is
 * checked, and the checked address itself is connected to, so a name that changes in between gains nothing.
 * When an address refuses, the next is tried; each gets its share of the time. Throws UpstreamFailure; all of
 * its failures mean that no request has left.
 */
export async function openSocket(
  to: Destination,
  services: OpenSocketServices,
  signal: AbortSignal,
  sessions?: TlsSessions,
): Promise<Socket> {
  const { egress, resolver, clock, connectTimeoutMs } = services;
  const found = isIP(to.host) === 0 ? await resolver.resolve(to.host) : [to.host];
  const problems = found.map((address) => egress.checkAddress(to.host, address));
  const addresses = found.filter((_, i) => problems[i] === undefined);
  if (addresses.length === 0) throw failures.prohibited(problems[0] ?? `has no address (${to.host})`);

  const end = clock.now() + connectTimeoutMs;
  let last: UpstreamFailure = failures.connectTimeout(`${to.host}:${to.port}`, connectTimeoutMs);
  for (const [i, address] of addresses.entries()) {
    const left = end - clock.now();
    if (left <= 0 || signal.aborted) break;
    try {
      return await openOne(address, to, services, left / (addresses.length - i), signal, sessions);
    } catch (error: unknown) {
      if (!(error instanceof UpstreamFailure)) throw error;
      last = error;
      // A wrong certificate is the host's, not the address's.
      if (error.reason === 'tls_certificate_error') break;
    }
  }
  throw signal.aborted ? failures.cancelled('unsent', signal.reason) : last;
}

function openOne(
  address: string,
  to: Destination,
  { clock, ca, pacedReading }: OpenSocketServices,
  timeoutMs: number,
  signal: AbortSignal,
  sessions: TlsSessions | undefined,
): Promise<Socket> {
  const where = `${to.host}:${to.port} (${address})`;
  const secure = to.protocol === 'https:';
  return new Promise((resolve, reject) => {
    let connected = false;
    const reading = pacedReading === undefined ? {} : READ_ON_DEMAND;
    const socket = secure
      ? connectTls({ ...tlsOptions(address, to, ca, sessions?.last), ...reading })
      : connectTcp({ host: address, port: to.port, autoSelectFamily: false, ...reading });
    pacedReading?.add(socket);
    const fail = (failure: UpstreamFailure): void => {
      done();
      socket.destroy();
      reject(failure);
    };
    const onAbort = (): void => fail(failures.cancelled('unsent', signal.reason));
    const timer = clock.setTimer(() => fail(failures.connectTimeout(where, timeoutMs)), timeoutMs);
    const onEarlyEnd = (): void => fail(failures.terminated(true, true, 'closed during the handshake'));
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
      socket.off('close', onEarlyEnd);
    };
    socket.once('connect', () => {
      connected = true;
    });
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      done();
      resolve(socket);
    });
    // Stays for good: between here and whoever takes the socket over, an error must find a listener.
    socket.on('error', (error) => fail(connectFailure(where, error, connected)));
    socket.once('close', onEarlyEnd);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    if (sessions !== undefined) socket.on('session', (session: Buffer) => sessions.keep(session));
  });
}

function tlsOptions(
  address: string,
  to: Destination,
  ca: readonly string[] | undefined,
  session: Buffer | undefined,
): ConnectionOptions {
  return {
    host: address,
    port: to.port,
    // The certificate is held against the name of the URL; SNI carries names only (RFC 6066 section 3).
    ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot switch it off.
    rejectUnauthorized: true,
    ...(session === undefined ? {} : { session }),
    ...(ca === undefined ? {} : { ca: [...ca] }),
  };
}

/** Codes of X.509 verification, as Node names them (`tls.TLSSocket#authorizationError`). */
const CERTIFICATE_CODES =
  /^(CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME|ERROR_IN_CERT_|ERR_TLS_CERT)/;

function connectFailure(where: string, error: unknown, connected: boolean): UpstreamFailure {
  const code = codeOf(error);
  if (CERTIFICATE_CODES.test(code)) return failures.tls(where, true, error);
  if (!connected) return failures.refused(where, error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return failures.terminated(true, true, error);
  return failures.tls(where, false, error);
}
