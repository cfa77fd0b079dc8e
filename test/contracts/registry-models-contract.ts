import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BudgetSubject, Registry, RegistryEvent, SpendingRecord } from '../../src/registry/index.ts';
import { Secret } from '../../src/sources/index.ts';
import { change, codeOf, newProvider, newSource } from '../registry/fixtures.ts';
import type { RegistryUnderTest } from './registry-contract.ts';

const spendingOf = (subject: BudgetSubject, over: Partial<SpendingRecord> = {}): SpendingRecord => ({
  subject,
  period: 'DAY',
  startedAt: 1_699_920_000_000,
  requests: 3,
  tokens: 1_200,
  usdNano: 4_500_000,
  unpriced: 1,
  ...over,
});

/** What every store of the registry promises of providers and budgets. */
export function registryModelsContract(name: string, make: () => RegistryUnderTest): void {
  describe(`${name} keeps providers and budgets`, () => {
    let under: RegistryUnderTest;
    let registry: Registry;
    let events: RegistryEvent[];

    beforeEach(async () => {
      under = make();
      registry = await under.open();
      events = [];
      registry.events.on((event) => events.push(event));
    });
    afterEach(async () => {
      await registry.close();
      await under.remove();
    });

    const reopen = async (): Promise<void> => {
      await registry.close();
      registry = await under.open();
    };
    const actions = async (): Promise<readonly string[]> =>
      (await registry.auditLog(50, undefined)).nodes.map(({ action, target }) => `${action} ${target}`).reverse();

    describe('providers', () => {
      test('come back after a restart as they were, secrets and all, by name', async () => {
        const zeta = await registry.setProvider(newProvider('zeta'), undefined, change('setProvider'));
        const keys = {
          type: 'accessKey',
          accessKeyId: 'AK',
          secretAccessKey: new Secret('sk'),
          sessionToken: new Secret('st'),
        } as const;
        const given = newProvider('alpha', {
          kind: 'AMAZON_BEDROCK',
          credential: keys,
          headers: [],
          options: { region: 'eu-central-1' },
          models: [],
        });
        const alpha = await registry.setProvider(given, undefined, change('setProvider'));
        const at = new Date(under.clock.now());
        expect(alpha).toEqual({ ...given, version: 2, createdAt: at, updatedAt: at });
        await reopen();
        const found = await registry.providers();
        expect(found.map((provider) => provider.name)).toEqual(['alpha', 'zeta']);
        expect(found[0]).toEqual(alpha);
        const { credential } = (await registry.provider('zeta')) ?? zeta;
        expect(credential?.type === 'apiKey' && credential.apiKey.reveal()).toBe('key of zeta');
        const stored = found[0]?.credential;
        expect(
          stored?.type === 'accessKey' && [stored.secretAccessKey.reveal(), stored.sessionToken?.reveal()],
        ).toEqual(['sk', 'st']);
        expect(await registry.provider('nothing')).toBeUndefined();
      });

      test('another account takes the place of the one at the version expected, and leaves nothing of it', async () => {
        const first = await registry.setProvider(newProvider('acme'), undefined, change('setProvider'));
        await under.clock.advance(1_000);
        const { credential: _credential, ...keyless } = newProvider('acme', { headers: [], models: [] });
        const second = await registry.setProvider(keyless, first.version, change('setProvider'));
        expect(second.version).toBeGreaterThan(first.version);
        expect(second.createdAt).toEqual(first.createdAt);
        expect(second.updatedAt.getTime()).toBe(first.updatedAt.getTime() + 1_000);
        await reopen();
        expect(await registry.provider('acme')).toEqual(second);
        expect((await registry.provider('acme'))?.credential).toBeUndefined();
      });

      test('who comes too late, or makes one that is there, changes nothing', async () => {
        const first = await registry.setProvider(newProvider('acme'), undefined, change('setProvider'));
        const other = newProvider('acme', { baseUrl: 'http://127.0.0.1:2' });
        for (const version of [undefined, first.version - 1, first.version + 1]) {
          expect(await codeOf(registry.setProvider(other, version, change('setProvider')))).toBe('CONFLICT');
        }
        expect(await codeOf(registry.setProvider(newProvider('beta'), 1, change('setProvider')))).toBe('CONFLICT');
        expect(await registry.provider('acme')).toEqual(first);
        expect(await registry.providers()).toHaveLength(1);
        expect(await actions()).toEqual(['setProvider provider:acme']);
      });

      test('a version comes only once, even when the account was removed in between', async () => {
        const versions: number[] = [];
        for (let round = 0; round < 3; round++) {
          versions.push((await registry.setProvider(newProvider('acme'), undefined, change('setProvider'))).version);
          await registry.removeProvider('acme', change('removeProvider'));
        }
        expect(new Set(versions).size).toBe(3);
        expect(await codeOf(registry.removeProvider('acme', change('removeProvider')))).toBe('NOT_FOUND');
      });

      test('are told of, each with its record', async () => {
        const made = await registry.setProvider(newProvider('acme'), undefined, change('setProvider'));
        await registry.removeProvider('acme', change('removeProvider'));
        expect(events).toEqual([
          { type: 'provider', action: 'setProvider', name: 'acme', record: made },
          { type: 'provider', action: 'removeProvider', name: 'acme', record: undefined },
        ]);
        expect(await actions()).toEqual(['setProvider provider:acme', 'removeProvider provider:acme']);
      });
    });

    describe('budgets', () => {
      const key = { kind: 'KEY', id: 'k1' } as const;

      test('come back after a restart, with what was spent of them', async () => {
        const made = await registry.setBudget(key, { usdPerDay: 1.5, requestsPerMinute: 60 }, change('setBudget'));
        await registry.saveSpending([spendingOf(key), spendingOf(key, { period: 'MONTH', tokens: 9 })]);
        await registry.saveSpending([spendingOf(key, { requests: 4 })]);
        await reopen();
        expect(await registry.budgets()).toEqual([made]);
        expect(made).toMatchObject({ subject: key, limits: { usdPerDay: 1.5, requestsPerMinute: 60 } });
        const found = [...(await registry.spending())].sort((a, b) => a.period.localeCompare(b.period));
        expect(found).toEqual([spendingOf(key, { requests: 4 }), spendingOf(key, { period: 'MONTH', tokens: 9 })]);
      });

      test('other limits keep what was spent, and removal forgets it', async () => {
        await registry.setBudget(key, { usdPerDay: 1 }, change('setBudget'));
        await registry.saveSpending([spendingOf(key)]);
        const changed = await registry.setBudget(key, { usdPerMonth: 5 }, change('setBudget'));
        expect(changed.limits).toEqual({ usdPerMonth: 5 });
        expect(await registry.spending()).toHaveLength(1);
        await registry.removeBudget(key, change('removeBudget'));
        expect(await registry.budgets()).toEqual([]);
        expect(await registry.spending()).toEqual([]);
        expect(await codeOf(registry.removeBudget(key, change('removeBudget')))).toBe('NOT_FOUND');
        expect(await actions()).toEqual([
          'setBudget budget:KEY:k1',
          'setBudget budget:KEY:k1',
          'removeBudget budget:KEY:k1',
        ]);
        expect(events.map(({ type }) => type)).toEqual(['budget', 'budget', 'budget']);
      });

      test('what was spent without a budget is not kept, and the rest is', async () => {
        await registry.setBudget(key, { usdPerDay: 1 }, change('setBudget'));
        await registry.saveSpending([spendingOf({ kind: 'SOURCE', id: 'k1' }), spendingOf(key)]);
        expect(await registry.spending()).toEqual([spendingOf(key)]);
      });

      test.each([
        { kind: 'SOURCE', id: 'gone' },
        { kind: 'PROVIDER', id: 'gone' },
        { kind: 'MODEL', id: 'gone/small' },
      ] as const)('are not set on what has gone: $kind', async (subject) => {
        expect(await codeOf(registry.setBudget(subject, { usdPerDay: 1 }, change('setBudget')))).toBe('NOT_FOUND');
        expect(await registry.budgets()).toEqual([]);
        expect(await actions()).toEqual([]);
      });

      test('go with their source, and with their provider and its models', async () => {
        for (const source of ['petstore', 'other']) {
          await registry.addSource(newSource(source), change('registerSource'));
        }
        for (const account of ['acme', 'acme-2']) {
          await registry.setProvider(newProvider(account), undefined, change('setProvider'));
        }
        const subjects: readonly BudgetSubject[] = [
          { kind: 'SOURCE', id: 'petstore' },
          { kind: 'SOURCE', id: 'other' },
          { kind: 'PROVIDER', id: 'acme' },
          { kind: 'PROVIDER', id: 'acme-2' },
          { kind: 'MODEL', id: 'acme/small' },
          { kind: 'MODEL', id: 'acme-2/acme/small' },
          { kind: 'KEY', id: 'acme' },
        ];
        for (const subject of subjects) await registry.setBudget(subject, { usdPerDay: 1 }, change('setBudget'));
        await registry.saveSpending(subjects.map((subject) => spendingOf(subject)));
        await registry.deleteSource('petstore', 1, change('deleteSource'));
        await registry.removeProvider('acme', change('removeProvider'));
        const left = ['KEY acme', 'MODEL acme-2/acme/small', 'PROVIDER acme-2', 'SOURCE other'];
        expect((await registry.budgets()).map(({ subject }) => `${subject.kind} ${subject.id}`)).toEqual(left);
        expect(await registry.spending()).toHaveLength(left.length);
      });
    });
  });
}
