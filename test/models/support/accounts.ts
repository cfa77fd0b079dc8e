import type { ModelAccounts, ProviderAccount, ProviderKind } from '../../../src/models/index.ts';
import { Emitter, Secret } from '../../../src/runtime/index.ts';

/** In every credential of a test: it must never be seen again but by the vendor. */
export const CANARY = 'canary-4cc0-do-not-tell';

export function account(kind: ProviderKind, more: Partial<ProviderAccount> = {}): ProviderAccount {
  return {
    name: 'acme',
    kind,
    credential: { type: 'apiKey', apiKey: new Secret(CANARY) },
    headers: [],
    options: {},
    models: [],
    version: 1,
    ...more,
  };
}

export function accountsOf(...registered: readonly ProviderAccount[]): ModelAccounts {
  return {
    account: (name) => registered.find((one) => one.name === name),
    list: () => registered,
    events: new Emitter(),
  };
}
