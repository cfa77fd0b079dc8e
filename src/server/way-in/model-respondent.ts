import { type UpstreamFailure, WeirError } from '../../errors/index.ts';
import type { ModelTarget } from '../../models/index.ts';
import type { AttemptRecord } from '../../sources/index.ts';
import type { TargetContext } from '../../sources/prompt/index.ts';
import type { AskedChat } from './asked-chat.ts';
import type { Respondent } from './respondent.ts';
import type { ModelServices } from './services.ts';
import { type NameOf, refuseUnsupported } from './unsupported.ts';
import type { WayIn } from './way-in.ts';

/** `provider/model`; the model's own name may have slashes in it. Throws NOT_FOUND for one that is not known. */
export function findTarget(name: string, { models }: ModelServices): ModelTarget {
  const slash = name.indexOf('/');
  const target = { provider: name.slice(0, Math.max(0, slash)), model: name.slice(slash + 1) };
  if (slash > 0 && target.model !== '' && models.knows(target)) return target;
  throw new WeirError(
    'NOT_FOUND',
    `There is no model ${JSON.stringify(name.slice(0, 200))}: expected provider/model, declared with its provider ` +
      'or in the catalogue, or prompt/<name> of a prompt; GET /v1/models lists them.',
    { param: 'model' },
  );
}

/**
 * A model that is called by its own name: nothing is added to the request, nothing is cached. Throws WeirError for one
 * that is not known, and RequestRefused for what its vendor cannot honour, by the names that `nameOf` gives.
 */
export function modelRespondent(chat: AskedChat, nameOf: NameOf, wayIn: WayIn, services: ModelServices): Respondent {
  const { targets, models } = services;
  const target = findTarget(chat.model, services);
  refuseUnsupported(models, target, chat.request, nameOf);
  const context = targetContext(wayIn, services);
  const served = { model: chat.model, outcome: 'FRESH' } as const;
  return {
    async answer() {
      const outcome = await targets.chat([target], chat.request, context);
      if (!outcome.ok) throw failed(chat.model, outcome);
      return { answer: outcome.answer, served: { ...served, usd: outcome.answer.figures.usd } };
    },
    async stream(tell) {
      const thrown: unknown[] = [];
      const outcome = await targets.stream([target], chat.request, context, (events) => {
        try {
          return tell(events, served);
        } catch (error: unknown) {
          thrown.push(error);
          throw error;
        }
      });
      if (thrown.length > 0) throw thrown[0];
      if (!outcome.ok) throw failed(chat.model, outcome);
      return { figures: outcome.answer.figures, served };
    },
  };
}

export function targetContext(wayIn: WayIn, { clock, deadlineMs }: ModelServices): TargetContext {
  return {
    requestId: wayIn.id,
    callerId: wayIn.caller.id,
    deadline: clock.now() + deadlineMs,
    signal: wayIn.signal,
  };
}

/** What the client sees of a failed call. */
export function failed(
  model: string,
  outcome: {
    readonly failure: UpstreamFailure;
    readonly attempts: readonly AttemptRecord[];
    readonly retryAfterMs?: number;
  },
): WeirError {
  return outcome.failure.toClientError(model, outcome.attempts.length, outcome.retryAfterMs);
}
