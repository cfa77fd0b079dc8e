/** Ready after start with an empty registry, and idle memory. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newDataDir, removeDataDir, startGateway } from './gateway-process.mjs';

export async function measureReady(runs = 5) {
  const ready = [];
  let memoryMb = 0;
  for (let i = 0; i < runs; i++) {
    const dir = newDataDir();
    const gateway = await startGateway(dir);
    ready.push(gateway.readyMs);
    if (i === runs - 1) {
      await sleep(10_000);
      memoryMb = gateway.memoryMb();
    }
    await gateway.end();
    removeDataDir(dir);
  }
  ready.sort((a, b) => a - b);
  return {
    runs,
    medianMs: Math.round(ready[Math.floor(runs / 2)]),
    worstMs: Math.round(ready.at(-1)),
    memoryMb: Math.round(memoryMb),
  };
}
