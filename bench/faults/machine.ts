import { writeFileSync } from 'node:fs';
import { cpus, loadavg, setPriority } from 'node:os';

/** Processes a core that wanted to run, over the last minute. */
export const loadPerCore = (): number => (loadavg()[0] ?? 0) / cpus().length;

/** Processes a core that want to run: above this, times say more of the machine than of the gateway. */
export const BUSY = 1.2;

/** High, short of what the kernel needs for itself. */
const NICE = -15;

/**
 * Lets a process that leads a session go before other work on the machine, which would be measured too;
 * answers whether that is allowed. Linux shares the processor by session first (sched(7), "The autogroup feature").
 */
export function goFirst(pid: number): boolean {
  try {
    setPriority(pid, NICE);
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE));
    return true;
  } catch {
    return false;
  }
}
