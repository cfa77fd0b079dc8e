import { type BudgetLimits, type BudgetSubject, createBudgets, type StoredBudgets } from '../../../src/access/index.ts';
import { UpstreamFailure } from '../../../src/errors/index.ts';
import {
  createModels,
  type ModelCallContext,
  type ModelCallEvent,
  type ModelEvent,
  type ModelFigures,
  type ModelRequest,
  type Models,
  type ModelTarget,
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

/** What is told of a streamed answer, and how it ended. */
export type Told = ModelEvent | { readonly kind: 'finish'; readonly figures: ModelFigures };

/** A streamed answer that is read at the test's own pace; leaving it ends the call, as its caller's signal does. */
export function streamed(
  models: Models,
  target: ModelTarget,
  request: ModelRequest,
  context: ModelCallContext,
): AsyncIterable<readonly Told[], undefined> {
  return {
    [Symbol.asyncIterator]() {
      const left = new AbortController();
      const signal = AbortSignal.any([context.signal, left.signal]);
      let give: ((batch: readonly Told[]) => void) | undefined;
      let readOn: (() => void) | undefined;
      let ended: Promise<ModelFigures> | undefined;
      let finished = false;
      return {
        async next() {
          if (finished || left.signal.aborted) return { done: true, value: undefined };
          const batch = new Promise<readonly Told[]>((resolve) => {
            give = resolve;
          });
          readOn?.();
          ended ??= models.stream(target, request, { ...context, signal }, (events) => {
            give?.(events);
            return new Promise((resolve) => {
              readOn = resolve;
            });
          });
          const end = ended.then((figures): readonly Told[] => {
            finished = true;
            return [{ kind: 'finish', figures }];
          });
          const value = await Promise.race([batch, end]).catch((error: unknown) => {
            if (left.signal.aborted) return undefined;
            throw error;
          });
          return value === undefined ? { done: true, value } : { done: false, value };
        },
        async return() {
          left.abort();
          readOn?.();
          await ended?.catch(() => undefined);
          return { done: true, value: undefined };
        },
      };
    },
  };
}

export async function readAll<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const read: T[] = [];
  for await (const batch of batches) read.push(...batch);
  return read;
}
