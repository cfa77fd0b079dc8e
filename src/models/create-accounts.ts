import { Emitter, type Events } from '../runtime/index.ts';
import type { ModelAccounts, ProviderAccount } from './accounts.ts';

/** What accounts need of the place where they are kept. The registry has this shape. */
export interface AccountStore {
  /** By name. */
  providers(): Promise<readonly ProviderAccount[]>;
  /** Must tell of every account that was set or removed, after it is stored and before that is acknowledged. */
  readonly events: Events<AccountStoreEvent>;
}

export type AccountStoreEvent =
  | { readonly type: 'provider'; readonly name: string; readonly record: ProviderAccount | undefined }
  | { readonly type: 'source' | 'key' | 'link' | 'budget' };

/** The accounts of a store, held in memory: a call that starts after a change is acknowledged sees it. */
export async function createAccounts(store: AccountStore): Promise<ModelAccounts> {
  const accounts = new Map((await store.providers()).map((account) => [account.name, account]));
  const events = new Emitter<{ readonly name: string }>();
  store.events.on((event) => {
    if (event.type !== 'provider') return;
    if (event.record === undefined) accounts.delete(event.name);
    else accounts.set(event.name, event.record);
    events.emit({ name: event.name });
  });
  return {
    account: (name) => accounts.get(name),
    list: () => [...accounts.keys()].sort().flatMap((name) => accounts.get(name) ?? []),
    events,
  };
}
