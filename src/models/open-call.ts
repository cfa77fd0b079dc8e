import type { Clock } from '../runtime/index.ts';
import type { HttpClient } from '../upstream/index.ts';
import type { DeclaredModel, ModelAccounts, ProviderAccount } from './accounts.ts';
import { Attempt, type AttemptServices } from './attempt.ts';
import { DEFAULT_OUTPUT_TOKENS, estimateInput, outputOf } from './estimate.ts';
import type { ModelClient } from './model-client.ts';
import { openAiFormatClient } from './openai-format/client.ts';
import { isOwnFormat, type PackageKind } from './openai-format/own-format.ts';
import type { ModelCallContext, ModelRequest, ModelTarget } from './types.ts';
import { unsupportedBy } from './unsupported.ts';
import { accountFetch } from './vendor/account-fetch.ts';
import { baseUrlOf } from './vendor/base-url.ts';
import { droppedFrom } from './vendor/dropped.ts';
import { failures } from './vendor/failures.ts';
import type { GoogleTokens } from './vendor/google-token.ts';
import { loadVendor, type Vendor } from './vendor/load-vendor.ts';
import { packageClient } from './vendor/package-client.ts';

export interface CallServices extends AttemptServices {
  readonly accounts: ModelAccounts;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly googleTokens: GoogleTokens;
}

/** What a call is made with: the account as it is now, whatever changes while it goes on. */
export interface OpenCall {
  readonly attempt: Attempt;
  /** Loads the vendor's package when it is the first call of its kind. */
  vendor(): Promise<Vendor>;
  readonly baseUrl: string;
  /** To be called when a request is handed to the HTTP client. */
  readonly onSent: () => void;
}

/** A call whose answer is written by the model. */
export interface OpenGeneration {
  readonly attempt: Attempt;
  readonly client: ModelClient;
  /** As it is sent: where a budget counts tokens or USD, the answer is no longer than what was reserved for it. */
  readonly request: ModelRequest;
}

export interface CallSize {
  readonly streamed: boolean;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  /** Throws for a body that a vendor's package made and that must not be sent. */
  readonly check: ((body: string) => void) | undefined;
}

/** Throws UpstreamFailure for what cannot be asked of this model or paid for; nothing has left then. */
export function openGeneration(
  services: CallServices,
  target: ModelTarget,
  request: ModelRequest,
  context: ModelCallContext,
  streamed: boolean,
): OpenGeneration {
  const { http, clock } = services;
  const account = accountOf(services.accounts, target);
  const { kind, models } = account;
  const unsupported = unsupportedBy(kind, request);
  if (unsupported.length > 0) throw failures.unsupported(unsupported);
  const maxOutputTokens =
    request.parameters.maxOutputTokens ?? defaultOutput(models.find(({ name }) => name === target.model));
  const check = isOwnFormat(kind) ? undefined : nothingDropped(kind, request);
  const outputTokens = request.openAi === undefined ? maxOutputTokens : outputOf(request.openAi, maxOutputTokens);
  const size = { streamed, inputTokens: estimateInput(request), maxOutputTokens: outputTokens, check };
  const { attempt, baseUrl, vendor, onSent } = openCall(services, target, context, size);
  const { limit, bounded } = attempt;
  const { requestId, timeoutMs } = context;
  const { model } = target;
  const client = isOwnFormat(kind)
    ? openAiFormatClient({ account, model, baseUrl, http, clock, requestId, signal: limit.signal, timeoutMs, onSent })
    : packageClient({ kind, limit, clock, model: async () => (await vendor()).language(model) });
  if (!bounded) return { attempt, client, request };
  return { attempt, client, request: { ...request, parameters: { ...request.parameters, maxOutputTokens } } };
}

/** The length of an answer that nobody bounded. Half of a small context is left to the question: some servers insist on it. */
function defaultOutput({ maxOutputTokens, contextTokens }: Partial<DeclaredModel> = {}): number {
  return Math.min(
    DEFAULT_OUTPUT_TOKENS,
    maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS,
    contextTokens === undefined ? DEFAULT_OUTPUT_TOKENS : Math.ceil(contextTokens / 2),
  );
}

function nothingDropped(kind: PackageKind, request: ModelRequest): (body: string) => void {
  return (body) => {
    const dropped = droppedFrom(body, kind, request);
    if (dropped.length > 0) throw failures.unsupported(dropped);
  };
}

export function openCall(
  services: CallServices,
  target: ModelTarget,
  context: ModelCallContext,
  size: CallSize,
): OpenCall {
  const { http, clock, googleTokens } = services;
  const account = accountOf(services.accounts, target);
  const baseUrl = baseUrlOf(account);
  if (baseUrl === undefined) throw failures.incompleteAccount(account.name);
  const attempt = new Attempt(services, { ...size, account, target, context });
  const { limit } = attempt;
  const onSent = (): void => {
    limit.sent = true;
  };
  const vendor = (): Promise<Vendor> => {
    const fetch = accountFetch({
      http,
      clock,
      account,
      baseUrl,
      streamed: size.streamed,
      timeoutMs: context.timeoutMs,
      signal: limit.signal,
      authorize: authorizeBy(account.credential, googleTokens),
      check: size.check ?? (() => {}),
      onSent,
    });
    return loadVendor({ account, baseURL: baseUrl, fetch });
  };
  return { attempt, baseUrl, vendor, onSent };
}

/** Makes the header that the vendor's package cannot make from this credential. */
function authorizeBy(
  credential: ProviderAccount['credential'],
  googleTokens: GoogleTokens,
): (() => Promise<string>) | undefined {
  if (credential?.type === 'serviceAccount') return () => googleTokens.authorization(credential);
  if (credential?.type === 'accessToken') return async () => `Bearer ${credential.accessToken.reveal()}`;
  return undefined;
}

/** Some formats write a model's name into the path of the URL, which it must not lead elsewhere. */
const MODEL_NAME = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.:@/+~ -]{1,256}$/;

function accountOf(accounts: ModelAccounts, { provider, model }: ModelTarget): ProviderAccount {
  const account = accounts.account(provider);
  if (account === undefined) throw failures.incompleteAccount(provider);
  if (!MODEL_NAME.test(model)) throw failures.unsendable('the name of a model has characters that none has');
  return account;
}
