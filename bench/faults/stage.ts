import { type FaultProxy, startFaultProxy } from '../../test/support/fault-proxy.ts';
import {
  type Behaviour,
  type FaultServer,
  type FaultServerOptions,
  startFaultServer,
} from '../../test/support/fault-server.ts';
import type { FaultDns } from './dns/fault-dns.ts';
import { goodThing, THINGS_DOCUMENT } from './document.ts';
import type { Answer, Asking, GatewayProcess } from './gateway.ts';
import { POLICY, ROLES, type Role, type Scenario } from './scenario.ts';

/** What all scenarios of a run share. */
export interface Theatre {
  readonly gateway: GatewayProcess;
  readonly dns: FaultDns;
  /** A good upstream, of the source `sibling`, which is in every query. */
  readonly sibling: FaultServer;
  readonly certificates: Readonly<Record<'trusted' | 'untrusted' | 'wrongName', { key: string; cert: string }>>;
}

export const SIBLING = 'sibling';

/** The upstream in order: answers with the id that was asked for. */
export const good: Behaviour = (request) => ({ kind: 'answer', body: goodThing(request.path) });

/** The upstreams and sources of one scenario. */
export class Stage {
  readonly theatre: Theatre;
  readonly prefix: string;
  primary: FaultServer;
  /** What the primary listens on, or did. */
  readonly port: number;
  readonly backup: FaultServer;
  proxy: FaultProxy | undefined;
  /** To be closed at the end, in turn. */
  readonly closers: (() => Promise<void>)[] = [];
  readonly #scenario: Scenario;
  readonly #roles: Role[] = [];

  constructor(theatre: Theatre, prefix: string, scenario: Scenario, primary: FaultServer, backup: FaultServer) {
    this.theatre = theatre;
    this.prefix = prefix;
    this.#scenario = scenario;
    this.primary = primary;
    this.port = primary.port;
    this.backup = backup;
  }

  get roles(): readonly Role[] {
    return this.#roles;
  }

  get gateway(): GatewayProcess {
    return this.theatre.gateway;
  }

  source(role: Role): string {
    return `${this.prefix}${role}`;
  }

  /** Which role's call a request of the primary or the backup is. */
  roleOf(path: string): Role | undefined {
    return ROLES.find((role) => path.startsWith(`/${role}/`));
  }

  /** Sockets that the gateway has open to the primary. */
  get openSockets(): number {
    return this.gateway.socketsTo(this.proxy?.port ?? this.port);
  }

  /** Publishes the sources while the primary is well, and gives the warm one its answer. */
  async publish(): Promise<void> {
    const special = await this.#scenario.primary?.(this);
    const base = special ?? this.proxy?.url ?? this.primary.url;
    const wanted = ROLES.filter((role) => this.#scenario.promised[role] !== undefined);
    for (const role of wanted) {
      await this.publishSource(role, [
        { url: `${base}/${role}` },
        ...(role === 'backed' ? [{ url: `${this.backup.url}/${role}`, priority: 1 }] : []),
      ]);
      this.#roles.push(role);
    }
    if (!wanted.includes('warm')) return;
    const answer = await this.ask('warm');
    if (answer.errors.length > 0) throw new Error(`the warm source did not answer before the fault: ${answer.text}`);
  }

  async publishSource(role: Role, endpoints: readonly { url: string; priority?: number }[]): Promise<void> {
    const fallback = { value: { id: 'fallback', name: 'declared', size: 0 } };
    const operations = role === 'declared' ? [{ operation: 'getThing', policy: { fallback } }] : undefined;
    const input = {
      name: this.source(role),
      visibility: 'PUBLIC',
      rest: { document: THINGS_DOCUMENT, endpoints, operations },
      policy: { ...POLICY, ...this.#scenario.policy },
    };
    const { gateway } = this.theatre;
    await gateway.admin('mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { name } }', {
      input,
    });
    await gateway.admin('mutation ($name: ID!) { publishSource(name: $name) { name } }', { name: input.name });
  }

  async remove(role: Role): Promise<void> {
    const name = this.source(role);
    await this.gateway.admin('mutation ($name: ID!) { deprecateSource(name: $name, reason: "over") { name } }', {
      name,
    });
    await this.gateway.admin('mutation ($name: ID!) { retireSource(name: $name) { name } }', { name });
    await this.gateway.admin('mutation ($name: ID!) { deleteSource(name: $name) }', { name });
    this.#roles.splice(this.#roles.indexOf(role), 1);
  }

  /** One query: these roles, and the sibling. */
  ask(roles: Role | readonly Role[] = this.#roles, asking: Asking = {}, id = 'one'): Promise<Answer> {
    const fields = [roles].flat().map((role) => `${this.source(role)} { getThing(id: "${id}") { id name size } }`);
    return this.gateway.ask(`{ ${fields.join(' ')} ${SIBLING} { getThing(id: "s") { id name } } }`, asking);
  }

  /** Ends the primary and starts another server on its port. */
  async replacePrimary(options: Omit<FaultServerOptions, 'port'>): Promise<void> {
    const { port } = this;
    await this.primary.close();
    this.primary = await startFaultServer({ behaviour: good, ...options, port });
  }

  /** Everything is well again. */
  async heal(): Promise<void> {
    this.primary.halfOpen(false);
    this.primary.behave(good);
    this.proxy?.poison({});
    await this.proxy?.mode('pass');
  }

  async close(): Promise<void> {
    await this.proxy?.close();
    for (const closer of this.closers) await closer();
    await this.primary.close();
    await this.backup.close();
  }
}

export async function buildStage(theatre: Theatre, index: number, scenario: Scenario): Promise<Stage> {
  const primary = await startFaultServer({ behaviour: good });
  const backup = await startFaultServer({
    behaviour: (request) => ({ kind: 'answer', body: goodThing(request.path, 'backup') }),
  });
  const stage = new Stage(theatre, `f${index}`, scenario, primary, backup);
  if (scenario.proxied === true) stage.proxy = await startFaultProxy(primary.port);
  await stage.publish();
  return stage;
}
