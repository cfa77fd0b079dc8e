import type { Clock } from '../../../runtime/index.ts';
import type { ProbeResult, SourceConnection } from '../../../sources/index.ts';

/** Milliseconds: the same as one attempt of a call (design section 12). */
const PROBE_TIMEOUT_MS = 3000;

/** Tries the upstream once. Always resolves, in time. */
export async function probeOnce(
  connection: SourceConnection,
  clock: Clock,
  timeoutMs = PROBE_TIMEOUT_MS,
): Promise<ProbeResult> {
  const startedAt = clock.now();
  const abort = new AbortController();
  const late = Promise.withResolvers<ProbeResult>();
  const timer = clock.setTimer(() => {
    abort.abort();
    late.resolve({ ok: false, latencyMs: timeoutMs, reason: 'connection_timeout' });
  }, timeoutMs);
  try {
    return await Promise.race([connection.probe(abort.signal), late.promise]);
  } catch {
    // A probe that rejects is a bug of its kind; whoever only asks how the upstream does must not fail for it.
    return { ok: false, latencyMs: clock.now() - startedAt, reason: 'proxy_internal_error' };
  } finally {
    timer.cancel();
  }
}
