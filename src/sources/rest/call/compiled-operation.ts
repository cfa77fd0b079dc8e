import type { Clock, Random } from '../../../runtime/index.ts';
import type { HttpClient } from '../../../upstream/index.ts';
import type { Authenticator } from '../../shared/auth/auth.ts';
import type { OperationDescription } from '../../source.ts';
import type { RestDefinition } from '../definition.ts';
import type { RestOperation } from '../plan.ts';
import type { Finding } from './answer/drift.ts';
import { compileAnswer } from './answer/read-answer.ts';
import type { OperationExchange } from './exchange.ts';
import { acceptOf, asksForCredential, declaresSecurity, isRestOperation } from './operation.ts';
import { type BuildRequest, compileRequest } from './request/build.ts';

export interface CompiledOperation {
  readonly operation: RestOperation;
  readonly build: BuildRequest;
  readonly exchange: OperationExchange;
}

export interface CompileOptions {
  readonly source: string;
  readonly definition: RestDefinition;
  readonly authenticator: Authenticator;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFinding: (operation: string, finding: Finding) => void;
}

/** The operations of one source, each compiled when it is first called: large documents use few of theirs. */
export class CompiledOperations {
  readonly #described: ReadonlyMap<string, OperationDescription>;
  readonly #options: CompileOptions;
  readonly #compiled = new Map<string, CompiledOperation>();
  readonly #documentOrigins: ReadonlySet<string>;
  readonly #silentOnSecurity: boolean;

  constructor(described: ReadonlyMap<string, OperationDescription>, options: CompileOptions) {
    this.#described = described;
    this.#options = options;
    this.#documentOrigins = originsOf(options.definition);
    this.#silentOnSecurity = !declaresSecurity(described.values());
  }

  get(name: string): CompiledOperation | undefined {
    const known = this.#compiled.get(name);
    if (known !== undefined) return known;
    const operation = this.#described.get(name);
    if (operation === undefined || !isRestOperation(operation)) return undefined;
    const made = this.#compile(operation);
    this.#compiled.set(name, made);
    return made;
  }

  #compile(operation: RestOperation): CompiledOperation {
    const { source, definition, authenticator, http, clock, random, onFinding } = this.#options;
    const proves = this.#silentOnSecurity || asksForCredential(operation);
    return {
      operation,
      build: compileRequest(operation, random),
      exchange: {
        method: operation.method.toUpperCase(),
        accept: acceptOf(operation),
        read: compileAnswer(operation, { source, onFinding }),
        linked: operation.pages?.style === 'LINK' ? operation.pages : undefined,
        serverUrl: operation.servers.find((url) => URL.canParse(url, 'http://localhost/')),
        authenticator: proves ? authenticator : undefined,
        ownerHeaders: definition.headers,
        documentOrigins: this.#documentOrigins,
        http,
        clock,
      },
    };
  }
}

function originsOf({ document, url }: RestDefinition): ReadonlySet<string> {
  const origins = new Set<string>();
  const servers: unknown = document.servers;
  if (!Array.isArray(servers)) return origins;
  for (const server of servers as readonly unknown[]) {
    if (typeof server !== 'object' || server === null || !('url' in server)) continue;
    const parsed = URL.parse(String(server.url), url);
    if (parsed !== null) origins.add(parsed.origin);
  }
  return origins;
}
