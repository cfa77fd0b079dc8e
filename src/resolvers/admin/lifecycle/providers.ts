import type { Actor } from '../../../access/index.ts';
import { type Problem, WeirError } from '../../../errors/index.ts';
import { knowsModel, type ModelTarget } from '../../../models/index.ts';
import type { Change, NewProvider, ProviderRecord, RevisionRecord, SourceRecord } from '../../../registry/index.ts';
import { change, type LifecycleCore } from './core.ts';

export interface SetProviderRequest {
  readonly provider: NewProvider;
  /** What it was read against; undefined: there was no such account. CONFLICT when that is no longer so. */
  readonly before: ProviderRecord | undefined;
  readonly change: Change;
}

/**
 * Registers a vendor's account, or puts another in its place. CONFLICT when that would not know a model any more which a
 * source in the graph names. In turn with every change of the graph, so that none is published over it meanwhile.
 */
export function setProvider(core: LifecycleCore, request: SetProviderRequest): Promise<ProviderRecord> {
  const { provider, before } = request;
  return core.graphChanges.run(async () => {
    if (before !== undefined) await refuseLostModels(core, before, provider);
    return core.registry.setProvider(provider, before?.version, request.change);
  });
}

/**
 * Removes a vendor's account. CONFLICT while a source in the graph names one of its models: checked in turn with every
 * change of the graph, so that none is published over an account that goes meanwhile.
 */
export function removeProvider(core: LifecycleCore, name: string, actor: Actor): Promise<void> {
  return core.graphChanges.run(async () => {
    const sources = [...(await sourcesNaming(core, name)).keys()];
    if (sources.length > 0) {
      throw new WeirError('CONFLICT', `Models of provider ${name} are named by ${sources.join(', ')}.`, { sources });
    }
    await core.registry.removeProvider(name, change(actor, 'removeProvider'));
  });
}

/** CONFLICT for a revision that names models which are not there any more. */
export async function requireModels(
  core: LifecycleCore,
  record: SourceRecord,
  revision: RevisionRecord,
): Promise<void> {
  const missing = await missingModels(core, record, revision);
  const [first] = missing;
  if (first === undefined) return;
  const { name } = record;
  const { provider } = first;
  throw new WeirError('CONFLICT', `${name} names models that are not there any more. ${first.message}`, {
    source: name,
    provider,
    problems: missing.map(({ path, message }) => ({ path, message })),
  });
}

interface MissingModel extends Problem {
  readonly provider: string;
}

/** Models of a revision whose account was removed since it was registered, or set to one that does not know them. */
export async function missingModels(
  { registry, clock }: LifecycleCore,
  { kind }: SourceRecord,
  { definition }: RevisionRecord,
): Promise<readonly MissingModel[]> {
  if (kind !== 'PROMPT') return [];
  const now = new Date(clock.now());
  const missing: MissingModel[] = [];
  for (const [index, { provider, model }] of targetsOf(definition).entries()) {
    const account = await registry.provider(provider);
    if (account !== undefined && knowsModel(account, model, now)) continue;
    const path = `prompt.models.${index}`;
    const message =
      account === undefined
        ? `Expected a model of a registered provider; there is no provider ${provider} any more.`
        : `Expected a model that is known; ${provider}/${model} is not any more. Declare it in the provider's models.`;
    missing.push({ path, message, provider });
  }
  return missing;
}

/** One that was not known before either, such as by a newer catalogue, is no reason to refuse. */
async function refuseLostModels(core: LifecycleCore, before: ProviderRecord, after: NewProvider): Promise<void> {
  const { name } = after;
  const now = new Date(core.clock.now());
  const lost = new Map<string, string[]>();
  for (const [source, models] of await sourcesNaming(core, name)) {
    for (const model of models) {
      if (knowsModel(after, model, now) || !knowsModel(before, model, now)) continue;
      lost.set(model, [...(lost.get(model) ?? []), source]);
    }
  }
  if (lost.size === 0) return;
  const sources = [...new Set([...lost.values()].flat())];
  throw new WeirError(
    'CONFLICT',
    `Provider ${name} would not know models any more that are named by ${sources.join(', ')}.`,
    {
      sources,
      problems: [...lost].map(([model, namedBy]) => ({
        path: 'input.models',
        message: `Expected ${JSON.stringify(model)} among them, which ${namedBy.join(', ')} asks; it is not in the catalogue.`,
      })),
    },
  );
}

/** Sources in the graph whose live revision calls models of the provider, and which. */
async function sourcesNaming(
  { registry }: LifecycleCore,
  provider: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const named = new Map<string, readonly string[]>();
  for (const { name, kind, liveRevision } of await registry.liveSources()) {
    if (kind !== 'PROMPT' || liveRevision === undefined) continue;
    const revision = await registry.revision(name, liveRevision);
    const targets = targetsOf(revision?.definition).filter((target) => target.provider === provider);
    if (targets.length > 0) {
      named.set(
        name,
        targets.map(({ model }) => model),
      );
    }
  }
  return named;
}

/** The models that a prompt's definition names. */
function targetsOf(definition: unknown): readonly ModelTarget[] {
  const models: unknown = property(definition, 'models');
  return Array.isArray(models) ? models.filter(isTarget) : [];
}

function isTarget(value: unknown): value is ModelTarget {
  return typeof property(value, 'provider') === 'string' && typeof property(value, 'model') === 'string';
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
