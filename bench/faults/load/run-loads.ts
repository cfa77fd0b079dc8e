import { type GatewayProcess, startGatewayProcess } from '../gateway.ts';
import { CROWDS } from './crowds.ts';
import { OUTAGES } from './outages.ts';
import { type LoadPromise, type LoadResult, type LoadStage, Notes, publish } from './promise.ts';
import { startLoadProcesses } from './worker.ts';

export const LOADS: readonly LoadPromise[] = [...OUTAGES, ...CROWDS];

/** Keeps the promises under load, one after another, each with a gateway of its own. */
export async function runLoads(wanted: readonly LoadPromise[], scale: number, onResult: (result: LoadResult) => void) {
  const results: LoadResult[] = [];
  for (const one of wanted) {
    const result = await runLoad(one, scale);
    results.push(result);
    onResult(result);
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
