import type { Budgets } from '../access/index.ts';
import { type Clock, Emitter } from '../runtime/index.ts';
import type { HttpClient } from '../upstream/index.ts';
import type { ModelAccounts } from './accounts.ts';
import { describeModel, knowsModel, modelNames } from './catalogue/describe.ts';
import { embed } from './embed.ts';
import { generate } from './generate.ts';
import type { CallServices } from './open-call.ts';
import { stream } from './stream.ts';
import type { ModelCallEvent, Models } from './types.ts';
import { unsupportedBy } from './unsupported.ts';
import { baseUrlOf } from './vendor/base-url.ts';
import { unsupportedOfVectors } from './vendor/embedding-options.ts';
import { failures } from './vendor/failures.ts';
import { GOOGLE_TOKEN_URL, GoogleTokens } from './vendor/google-token.ts';

export interface ModelsOptions {
  readonly accounts: ModelAccounts;
  readonly budgets: Budgets;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Where Google gives out tokens for service accounts. */
  readonly googleTokenUrl?: string;
}

const PROBE_TIMEOUT_MS = 3000;

/** Models behind the registered accounts. Nothing of a vendor, and no price, is loaded before it is first needed. */
export function createModels(options: ModelsOptions): Models {
  const { accounts, budgets, http, clock, googleTokenUrl: tokenUrl = GOOGLE_TOKEN_URL } = options;
  const calls = new Emitter<ModelCallEvent>();
  const googleTokens = new GoogleTokens({ http, clock, tokenUrl });
  const services: CallServices = { accounts, budgets, http, clock, calls, googleTokens };
  const now = (): Date => new Date(clock.now());

  return {
    generate: (target, request, context) => generate(services, target, request, context),
    stream: (target, request, context, tell) => stream(services, target, request, context, tell),
    embed: (target, request, context) => embed(services, target, request, context),
    unsupported({ provider, model }, request) {
      const account = accounts.account(provider);
      if (account === undefined) return [];
      const { kind } = account;
      return 'texts' in request ? unsupportedOfVectors(kind, model, request) : unsupportedBy(kind, request);
    },
    describe({ provider, model }) {
      const account = accounts.account(provider);
      return account && describeModel(account, model, now());
    },
    knows({ provider, model }) {
      const account = accounts.account(provider);
      return account !== undefined && knowsModel(account, model, now());
    },
    hasProvider: (name) => accounts.account(name) !== undefined,
    list: () =>
      accounts.list().flatMap((account) =>
        modelNames(account).map((model) => ({
          provider: account.name,
          model,
          description: describeModel(account, model, now()),
        })),
      ),
    async probe(provider, signal) {
      const account = accounts.account(provider);
      const baseUrl = account && baseUrlOf(account);
      if (baseUrl === undefined) throw failures.incompleteAccount(provider);
      await http.connect(baseUrl, { timeoutMs: PROBE_TIMEOUT_MS, signal });
    },
    calls,
    accountChanges: accounts.events,
  };
}
