import type { CacheMark, ModelRequest } from '../../../models/index.ts';
import { isNothing, type Reading } from '../../way-in/reading.ts';

/** As many as Anthropic takes. */
const MAX_MARKS = 4;

/** `cache_control`; nothing when there is none. */
export function readCache(value: unknown, path: string, reading: Reading): { readonly cache?: CacheMark } {
  const control = isNothing(value) ? undefined : reading.object(value, path);
  if (control === undefined) return {};
  reading.only(control, path, new Set(['type', 'ttl']));
  reading.oneOf(control.type, `${path}.type`, ['ephemeral']);
  const ttl = isNothing(control.ttl) ? undefined : reading.oneOf(control.ttl, `${path}.ttl`, ['5m', '1h']);
  return { cache: ttl === undefined ? {} : { ttl } };
}

/** Refuses more marks than there may be in one request. */
export function limitMarks({ messages, tools = [], anthropic }: ModelRequest, reading: Reading): void {
  const marked = [...messages.flatMap(({ parts }) => parts), ...tools, anthropic ?? {}];
  const marks = marked.filter(({ cache }) => cache !== undefined).length;
  if (marks > MAX_MARKS) reading.refuse('cache_control', `Expected at most ${MAX_MARKS} of them, got ${marks}.`);
}
