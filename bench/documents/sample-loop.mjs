/**
 * Loaded into the gateway's process before it starts (`node --import`): writes down every turn of its event loop that
 * took long, without touching the gateway. One line of JSON each, into the file named by WEIR_STALLS_FILE.
 *
 * `cpuMs` is the time that the gateway's main thread itself worked in that turn. Where it is far below `ms`, the
 * machine gave the thread no processor: something else ran there.
 */
import { appendFileSync } from 'node:fs';

const FILE = process.env.WEIR_STALLS_FILE;
const EVERY_MS = 2;
/** Shorter ones are what any process has. */
const WORTH_NOTING_MS = 15;

if (FILE !== undefined) {
  const now = () => performance.timeOrigin + performance.now();
  const worked = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let last = now();
  let lastWorked = worked();
  setInterval(() => {
    const at = now();
    const cpu = worked();
    const ms = at - last - EVERY_MS;
    if (ms > WORTH_NOTING_MS) appendFileSync(FILE, `${JSON.stringify({ at: last, ms, cpuMs: cpu - lastWorked })}\n`);
    last = now();
    lastWorked = worked();
  }, EVERY_MS).unref();
}
