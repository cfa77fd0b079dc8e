import type { Actor } from '../../../access/index.ts';
import { WeirError } from '../../../errors/index.ts';
import type { SourceRecord } from '../../../registry/index.ts';
import type { SourceConnection } from '../../../sources/index.ts';
import { change, type LifecycleCore, requireSource } from './core.ts';

export interface IsolateRequest {
  readonly name: string;
  /** Its number. */
  readonly endpoint: number;
  readonly isolated: boolean;
  readonly actor: Actor;
}

/**
 * Takes an endpoint of the running connection out by hand, or back in. Part of the connection alone: another revision
 * or a restart begins with none isolated. What an operator does in need must not wait for what is under way, so unlike
 * other mutations it takes no lock.
 */
export async function isolateEndpoint(core: LifecycleCore, request: IsolateRequest): Promise<SourceRecord> {
  const { name, endpoint, isolated, actor } = request;
  const record = await requireSource(core, name);
  const { isolateEndpoint: lever } = requireLever(core, record, endpoint, 'isolateEndpoint');
  await core.registry.audit(`source:${name}`, change(actor, 'isolateEndpoint', { endpoint, isolated }));
  lever(endpoint, isolated);
  return record;
}

export interface ResetBreakerRequest {
  readonly name: string;
  readonly endpoint: number;
  readonly actor: Actor;
}

/** Lets calls to an endpoint go again before its time is over. */
export async function resetBreaker(core: LifecycleCore, request: ResetBreakerRequest): Promise<SourceRecord> {
  const { name, endpoint, actor } = request;
  const record = await requireSource(core, name);
  const { resetBreaker: lever } = requireLever(core, record, endpoint, 'resetBreaker');
  await core.registry.audit(`source:${name}`, change(actor, 'resetBreaker', { endpoint }));
  lever(endpoint);
  return record;
}

type Lever = 'isolateEndpoint' | 'resetBreaker';

/** The lever of a live source's connection. Throws CONFLICT or NOT_FOUND, saying what there is. */
function requireLever<L extends Lever>(
  core: LifecycleCore,
  { name, state, kind }: SourceRecord,
  endpoint: number,
  lever: L,
): Pick<Required<SourceConnection>, L> {
  const connection = core.graph.current.members.get(name)?.connection;
  if (connection === undefined) {
    throw new WeirError('CONFLICT', `${lever} needs a source that is in the graph; ${name} is ${state}.`, {
      source: name,
      state,
    });
  }
  const pull = connection[lever]?.bind(connection);
  if (pull === undefined) {
    throw new WeirError('CONFLICT', `${lever} needs endpoints; ${name} is of kind ${kind}, which has none.`, {
      source: name,
    });
  }
  const numbers = connection.health().endpoints.map(({ number }) => number);
  if (!numbers.includes(endpoint)) {
    throw new WeirError(
      'NOT_FOUND',
      `${name} has no endpoint ${endpoint}; there ${numbers.length === 1 ? 'is' : 'are'} ${numbers.join(', ') || 'none'}.`,
      { source: name, endpoints: numbers },
    );
  }
  return { [lever]: pull } as Pick<Required<SourceConnection>, L>;
}
