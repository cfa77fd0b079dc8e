import type { RequestContext, SubscriptionResolvers } from '../../schema/index.ts';
import type { OperationDescription, SubscriptionEvent } from '../../sources/index.ts';
import { pathSteps } from './call-operation.ts';
import { selectionOf } from './linked-selection.ts';

/**
 * A field that is subscribed to. Who runs the subscription opens the stream, and executes the operation once for each
 * event with the event as parent: links below the field work as they do below any other.
 */
export function subscriptionResolvers(source: string, operation: OperationDescription): SubscriptionResolvers {
  const { name, selects } = operation;
  return {
    subscribe(_parent, args, context, info) {
      const { connection } = memberOf(context, source);
      const call = selects === true ? { arguments: args, selection: selectionOf(info, source) } : { arguments: args };
      return { source, operation: name, call, connection };
    },

    resolve(parent, _args, context, info) {
      const event = parent as Exclude<SubscriptionEvent, { kind: 'INTERRUPTED' }>;
      switch (event.kind) {
        case 'ANSWER': {
          const { outcome } = event;
          context.provenance.record({ source, operation: name, path: pathSteps(info.path), outcome });
          if (outcome.kind !== 'FAILED') return outcome.value;
          throw outcome.failure.toClientError(source, outcome.attempts.length, outcome.retryAfterMs);
        }
        case 'ENDED':
          throw event.failure.toClientError(source, 1);
        default: {
          const never: never = event;
          return never;
        }
      }
    },
  };
}

function memberOf(context: RequestContext, source: string) {
  const member = context.graph.members.get(source);
  if (member !== undefined) return member;
  throw new Error(`Graph version ${context.graph.number} must have source ${source}, which is subscribed to.`);
}
