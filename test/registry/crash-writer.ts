/**
 * A process that writes to a registry until it is killed, and says on its output, one line each, what was acknowledged.
 * Arguments: the data folder and a seed. Run by crash.test.ts.
 */
import { writeSync } from 'node:fs';
import { type Change, openRegistry, type SourceRecord } from '../../src/registry/index.ts';
import { systemClock, systemRandom } from '../../src/runtime/index.ts';
import { Secret } from '../../src/sources/index.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { encryptionKey, newProvider, newRevision, newSource } from './fixtures.ts';

const [dataDir = '', seed = '1'] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const registry = await openRegistry({ dataDir, encryptionKey, clock: systemClock, random: systemRandom });
const names = ['alpha', 'beta', 'gamma', 'delta'];
const keys: string[] = [];

const change = (action: string, detail: Record<string, unknown> = {}): Change => ({
  actor: { id: 'writer', name: 'writer' },
  action,
  detail,
});

/** Some of the definitions are large, so that a kill can come between the pages of one transaction. */
const revision = () =>
  newRevision({ definition: { noise: random.bytes(random.next() < 0.3 ? 40_000 : 40).toString('base64') } });

async function step(): Promise<string> {
  const kind = random.next();
  if (kind < 0.15) return await keyStep();
  if (kind < 0.3) return await providerStep();
  const name = names[Math.floor(random.next() * names.length)] ?? 'alpha';
  const source = await registry.source(name);
  if (source === undefined) {
    await registry.addSource(newSource(name, { revision: revision() }), change('add'));
    return `add source:${name}`;
  }
  return await sourceStep(source);
}

async function sourceStep({ name, version, liveRevision, latestRevision }: SourceRecord): Promise<string> {
  const chance = random.next();
  if (chance < 0.4) {
    await registry.addRevision(name, version, revision(), change('revise'));
    return `revise source:${name}`;
  }
  if (liveRevision === undefined && chance < 0.6) {
    await registry.deleteSource(name, version, change('delete'));
    return `delete source:${name}`;
  }
  const to =
    liveRevision === undefined
      ? ({ state: 'PUBLISHED', liveRevision: latestRevision } as const)
      : ({ state: 'RETIRED', liveRevision: undefined } as const);
  await registry.changeSource(name, version, to, change('change', { state: to.state, live: to.liveRevision ?? null }));
  return `change source:${name}`;
}

async function keyStep(): Promise<string> {
  const revoked = random.next() < 0.4 ? keys.pop() : undefined;
  if (revoked !== undefined) {
    await registry.revokeKey(revoked, new Date(), change('revoke'));
    return `revoke key:${revoked}`;
  }
  const id = systemRandom.bytes(6).toString('hex');
  const made = { createdAt: new Date(), createdBy: 'writer', expiresAt: undefined, revokedAt: undefined };
  await registry.addKey({ id, name: id, role: 'ADMIN', hash: new Uint8Array(32), ...made }, change('key'));
  keys.push(id);
  return `key key:${id}`;
}

/** An account with secrets in three places, its budget, or its end, which takes the budget along. */
async function providerStep(): Promise<string> {
  const name = random.next() < 0.5 ? 'acme' : 'zeta';
  const before = await registry.provider(name);
  const chance = random.next();
  if (before !== undefined && chance < 0.2) {
    await registry.removeProvider(name, change('removeProvider'));
    return `removeProvider provider:${name}`;
  }
  if (before !== undefined && chance < 0.4) {
    await registry.setBudget({ kind: 'PROVIDER', id: name }, { usdPerDay: 1 }, change('setBudget'));
    return `setBudget budget:PROVIDER:${name}`;
  }
  const marker = random.bytes(4).toString('hex');
  const headers = [1, 2].map((at) => ({ name: `x-${at}`, value: new Secret(marker) }));
  const credential = { type: 'apiKey', apiKey: new Secret(marker) } as const;
  const provider = newProvider(name, { headers, credential });
  await registry.setProvider(provider, before?.version, change('setProvider', { marker }));
  return `setProvider provider:${name}`;
}

for (;;) writeSync(1, `${await step()}\n`);
