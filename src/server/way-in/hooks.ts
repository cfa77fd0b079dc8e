import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Caller, isAdmin, type Keyring } from '../../access/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { limitBody } from '../body-limit.ts';
import { acceptJsonOnly } from './json-only.ts';
import type { UnderWay } from './under-way.ts';
import { beginWayIn, type WayIn, wayInOf } from './way-in.ts';

export interface WayInHooks {
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly log: Logger;
  readonly underWay: UnderWay;
  /** Throws for a caller who may not come in at all. */
  readonly admit: (caller: Caller) => void;
  /** Bytes of a request's body: of an admin's, and of anybody else's. */
  readonly bodyLimit: { readonly admin: number; readonly others: number };
}

/** Everything that all routes of a scope have in common: who calls, how large a body may be, one log line at the end. */
export function addWayInHooks(scope: FastifyInstance, hooks: WayInHooks): void {
  const { keyring, clock, log, underWay, bodyLimit } = hooks;
  scope.decorateRequest('wayIn', null);
  acceptJsonOnly(scope);

  scope.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
    const caller = await keyring.authenticate(request.headers);
    const wayIn = beginWayIn(caller, request, reply, clock);
    request.wayIn = wayIn;
    underWay.add(wayIn, reply.raw);
    logAtEnd(log, wayIn, request, reply, clock);
    hooks.admit(caller);
  });
  scope.addHook('preParsing', async (request, _reply, payload) => {
    const { caller } = wayInOf(request);
    return limitBody(request, payload, isAdmin(caller) ? bodyLimit.admin : bodyLimit.others);
  });
}

/** One line per request, whether its client waited for the answer or not. Never variables, bodies or credentials. */
function logAtEnd(log: Logger, wayIn: WayIn, request: FastifyRequest, reply: FastifyReply, clock: Clock): void {
  reply.raw.once('close', () =>
    log.info(
      {
        requestId: wayIn.id,
        method: request.method,
        route: request.routeOptions.url,
        status: reply.raw.statusCode,
        caller: wayIn.caller.id,
        asked: wayIn.asked,
        ms: Math.round((clock.now() - wayIn.startedAt) * 10) / 10,
        outcome: wayIn.outcome,
        error: wayIn.errorCode,
        gone: reply.raw.writableFinished ? undefined : true,
      },
      'request',
    ),
  );
}
