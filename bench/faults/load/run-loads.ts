import { type GatewayProcess, startGatewayProcess } from '../gateway.ts';
import { BUSY, goFirst, loadPerCore } from '../machine.ts';
import { CROWDS } from './crowds.ts';
import { OUTAGES } from './outages.ts';
import { type LoadPromise, type LoadResult, type LoadStage, Notes, publish } from './promise.ts';
import { startLoadProcesses } from './worker.ts';

export const LOADS: readonly LoadPromise[] = [...OUTAGES, ...CROWDS];

/** Repetitions of all promises together, when other work on the machine spoils a measurement. */
const MOST_REPETITIONS = 2;

/**
 * Keeps the promises under load, one after another, each with a gateway of its own. What was broken while the
 * machine was busy with other work is tried again, and the result says so.
 */
export async function runLoads(
  wanted: readonly LoadPromise[],
  scale: number,
  onResult: (result: LoadResult) => void,
): Promise<LoadResult[]> {
  const results: LoadResult[] = [];
  let repetitions = 0;
  for (const one of wanted) {
    let result = await runLoad(one, scale);
    const spoilt: string[] = [];
    while (result.broken.length > 0 && loadPerCore() > BUSY && repetitions < MOST_REPETITIONS) {
      onResult(result);
      repetitions++;
      spoilt.push(
        `an earlier try, with ${loadPerCore().toFixed(1)} processes a core, was not as promised: ${result.broken.join('; ')}`,
      );
      result = await runLoad(one, scale);
    }
    const told = { ...result, seen: [...result.seen, ...spoilt] };
    results.push(told);
    onResult(told);
  }
  return results;
}

async function runLoad(one: LoadPromise, scale: number): Promise<LoadResult> {
  const { name, injected, promised } = one;
  const notes = new Notes();
  const processes = startLoadProcesses();
  let gateway: GatewayProcess | undefined;
  try {
    gateway = await startGatewayProcess();
    goFirst(gateway.pid);
    const stage: LoadStage = { gateway, processes, scale };
    const sibling = await processes.startUpstream();
    await publish(stage, 'sibling', [sibling.url]);
    await one.run(stage, notes);
    if (!(await gateway.isAlive())) notes.expect(false, `the gateway ended: ${gateway.ended}`);
  } catch (error: unknown) {
    notes.expect(false, error instanceof Error ? error.message : String(error));
  } finally {
    await gateway?.close();
    await processes.close();
  }
  return { name, injected, promised, seen: notes.seen, broken: notes.broken };
}
