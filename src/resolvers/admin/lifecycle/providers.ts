import type { Actor } from '../../../access/index.ts';
import { WeirError } from '../../../errors/index.ts';
import type { Registry, RevisionRecord, SourceRecord } from '../../../registry/index.ts';
import { change, type LifecycleCore } from './core.ts';

/**
 * Removes a vendor's account. CONFLICT while a source in the graph names one of its models: checked in turn with every
 * change of the graph, so that none is published over an account that goes meanwhile.
 */
export function removeProvider(core: LifecycleCore, name: string, actor: Actor): Promise<void> {
  return core.graphChanges.run(async () => {
    const sources = await sourcesNaming(core.registry, name);
    if (sources.length > 0) {
      throw new WeirError('CONFLICT', `Models of provider ${name} are named by ${sources.join(', ')}.`, { sources });
    }
    await core.registry.removeProvider(name, change(actor, 'removeProvider'));
  });
}

/** CONFLICT for a revision that names models of accounts which are not there: removed since it was registered. */
export async function requireProviders(
  { registry }: LifecycleCore,
  { name, kind }: SourceRecord,
  { definition }: RevisionRecord,
): Promise<void> {
  if (kind !== 'PROMPT') return;
  for (const provider of providersOf(definition)) {
    if ((await registry.provider(provider)) !== undefined) continue;
    throw new WeirError('CONFLICT', `${name} names models of provider ${provider}, which is not there any more.`, {
      source: name,
      provider,
    });
  }
}

/** Sources in the graph whose live revision calls a model of the provider. */
async function sourcesNaming(registry: Registry, provider: string): Promise<readonly string[]> {
  const named: string[] = [];
  for (const { name, kind, liveRevision } of await registry.liveSources()) {
    if (kind !== 'PROMPT' || liveRevision === undefined) continue;
    const revision = await registry.revision(name, liveRevision);
    if (providersOf(revision?.definition).has(provider)) named.push(name);
  }
  return named;
}

/** The providers that a prompt's definition names. */
function providersOf(definition: unknown): ReadonlySet<string> {
  const models: unknown = property(definition, 'models');
  if (!Array.isArray(models)) return new Set();
  const providers = models.map((target: unknown) => property(target, 'provider'));
  return new Set(providers.filter((provider) => typeof provider === 'string'));
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
