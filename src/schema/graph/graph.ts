import { atOnce, type Clock, Emitter, inTurns, type Steps } from '../../runtime/index.ts';
import type { SourceConnection } from '../../sources/index.ts';
import { type AdminApi, adminParts } from './admin-part.ts';
import { composeVersion } from './compose-version.ts';
import { ComposedVersion } from './composed-version.ts';
import { ConnectionHolds } from './connection-holds.ts';
import type { Graph, GraphLease, GraphLink, GraphMember, GraphVersion, ResolverFactory } from './types.ts';
import { VersionHistory } from './version-history.ts';

export interface GraphOptions {
  /** Undefined: a graph of sources only, for tests and tools. */
  readonly admin: AdminApi | undefined;
  readonly resolvers: ResolverFactory;
  readonly clock: Clock;
  /** Number of the empty version it begins with; the next one is one more. Default 0. */
  readonly firstNumber?: number;
}

/** A graph without any source. It composes: nothing waits for the first publication. */
export async function createGraph(options: GraphOptions): Promise<Graph> {
  return new RunningGraph(options);
}

/** A version that was swapped in, while somebody may still be working on it. */
interface VersionInUse {
  readonly version: ComposedVersion;
  readonly connections: ReadonlySet<SourceConnection>;
  leases: number;
}

class RunningGraph implements Graph {
  readonly #options: GraphOptions;
  readonly #admin: ReturnType<typeof adminParts>;
  readonly #holds = new ConnectionHolds();
  readonly #history = new VersionHistory();
  readonly #swapped = new Emitter<GraphVersion>();
  #compositions = 0;
  #inUse: VersionInUse;
  #closed = false;

  constructor(options: GraphOptions) {
    this.#options = options;
    this.#admin = adminParts(options.admin);
    const empty = atOnce(this.#compose([], [], options.firstNumber ?? 0));
    this.#inUse = { version: empty, connections: new Set(), leases: 0 };
    this.#history.add(empty.number, empty.schema);
  }

  get current(): GraphVersion {
    return this.#inUse.version;
  }

  lease(): GraphLease {
    const inUse = this.#inUse;
    inUse.leases++;
    let released = false;
    return {
      version: inUse.version,
      release: () => {
        if (released) return;
        released = true;
        inUse.leases--;
        this.#endIfUnused(inUse);
      },
    };
  }

  async compose(members: readonly GraphMember[], links: readonly GraphLink[] = []): Promise<GraphVersion> {
    return inTurns(this.#compose(members, links, this.current.number + 1));
  }

  swap(version: GraphVersion): void {
    if (!(version instanceof ComposedVersion)) {
      throw new Error('swap takes a version that compose of the same graph returned.');
    }
    if (version === this.#inUse.version) return;
    if (this.#closed) throw new Error('A graph that is closed takes no new version.');
    const connections = new Set([...version.members.values()].map((member) => member.connection));
    this.#holds.hold(connections);
    version.becomeCurrent(this.current.number + 1);
    const old = this.#inUse;
    this.#inUse = { version, connections, leases: 0 };
    this.#history.add(version.number, version.schema);
    this.#endIfUnused(old);
    this.#swapped.emit(version);
  }

  changesSince(version: number): ReturnType<Graph['changesSince']> {
    return this.#history.changesSince(version);
  }

  onSwap(listener: (version: GraphVersion) => void): () => void {
    return this.#swapped.on(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#holds.closeAll();
  }

  #compose(members: readonly GraphMember[], links: readonly GraphLink[], number: number): Steps<ComposedVersion> {
    const { resolvers, clock } = this.#options;
    const composedAt = new Date(clock.now());
    const compositionId = ++this.#compositions;
    return composeVersion({ members, links, admin: this.#admin, resolvers, compositionId, number, composedAt });
  }

  /** The current version is in use even when nobody holds a lease on it. */
  #endIfUnused(candidate: VersionInUse): void {
    if (candidate.leases > 0 || candidate === this.#inUse) return;
    this.#holds.letGo(candidate.connections);
  }
}
