import type { CallContext } from '../../source.ts';
import { MAX_TOGETHER } from './merging-pool.ts';

/**
 * The request on whose behalf queries are made, seen from this source: queries that start in the same tick become one
 * sub-request, so they take one from the request's allowance of upstream calls.
 */
export function requestTurn(context: CallContext): CallContext {
  let thisTick = 0;
  return {
    ...context,
    takeUpstreamCall() {
      if (thisTick % MAX_TOGETHER === 0 && !context.takeUpstreamCall()) return false;
      if (thisTick === 0) {
        process.nextTick(() => {
          thisTick = 0;
        });
      }
      thisTick++;
      return true;
    },
  };
}
