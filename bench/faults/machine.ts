import { cpus, loadavg } from 'node:os';

/** Processes a core that wanted to run, over the last minute. */
export const loadPerCore = (): number => (loadavg()[0] ?? 0) / cpus().length;
