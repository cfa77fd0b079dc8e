import { type BudgetLimits, type BudgetSubject, createBudgets, type StoredBudgets } from '../../../src/access/index.ts';
import { UpstreamFailure } from '../../../src/errors/index.ts';
import {
  createModels,
  type ModelCallContext,
  type ModelCallEvent,
  type ModelRequest,
  type Models,
  type ProviderAccount,
} from '../../../src/models/index.ts';
import { type Clock, systemClock } from '../../../src/runtime/index.ts';
import { createEgressGuard, createHttpClient, type HttpClient, type HttpRequest } from '../../../src/upstream/index.ts';
import { MemoryBudgetStore } from '../../access/budgets/memory-budget-store.ts';
import { accountsOf } from './accounts.ts';

export interface ModelsSetup {
  readonly models: Models;
  readonly budgets: StoredBudgets;
  readonly events: readonly ModelCallEvent[];
  /** Every request that left for a vendor. */
  readonly sent: readonly HttpRequest[];
  limit(subject: BudgetSubject, limits: BudgetLimits): void;
  close(): Promise<void>;
}

/** Models over accounts, with real budgets and the real HTTP client, which may reach loopback. */
export async function setUpModels(
  accounts: readonly ProviderAccount[],
  { clock = systemClock, googleTokenUrl }: { readonly clock?: Clock; readonly googleTokenUrl?: string } = {},
): Promise<ModelsSetup> {
  const store = new MemoryBudgetStore();
  const budgets = await createBudgets({ store, clock, onFailure: () => {} });
  const http = createHttpClient({ egress: createEgressGuard({ allow: [], allowPrivate: true }), clock });
  const events: ModelCallEvent[] = [];
  const sent: HttpRequest[] = [];
  const recording: HttpClient = {
    ...http,
    request: (request) => {
      sent.push(request);
      return http.request(request);
    },
    stream: (request) => {
      sent.push(request);
      return http.stream(request);
    },
  };
  const models = createModels({
    accounts: accountsOf(...accounts),
    budgets,
    http: recording,
    clock,
    ...(googleTokenUrl === undefined ? {} : { googleTokenUrl }),
  });
  models.calls.on((event) => events.push(event));
  return {
    models,
    budgets,
    events,
    sent,
    limit: (subject, limits) => store.set(subject, limits),
    async close() {
      await http.close();
      await budgets.close();
    },
  };
}

export function callContext(more: Partial<ModelCallContext> = {}): ModelCallContext {
  return {
    requestId: 'r1',
    source: 'translate',
    callerId: 'k1',
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    ...more,
  };
}

export function ask(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    messages: [
      { role: 'system', parts: [{ kind: 'text', text: 'You are terse.' }] },
      { role: 'user', parts: [{ kind: 'text', text }] },
    ],
    parameters: {},
    ...more,
  };
}

export async function failureOf(promise: Promise<unknown>): Promise<UpstreamFailure> {
  const result: unknown = await promise.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (result instanceof UpstreamFailure) return result;
  throw new Error(`expected an UpstreamFailure, but got: ${String(result)} ${JSON.stringify(result)}`);
}

export async function readAll<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const read: T[] = [];
  for await (const batch of batches) read.push(...batch);
  return read;
}
