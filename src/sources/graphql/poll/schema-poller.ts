import { createHash } from 'node:crypto';
import type { Timer } from '../../../runtime/index.ts';
import type { SchemaDrift, SourceServices } from '../../source.ts';
import type { GraphQLDefinition } from '../definition.ts';
import { introspect } from '../read/introspect.ts';
import { printUpstream } from '../read/print-schema.ts';
import { wholeOf } from '../read/read.ts';

/** Share of the interval by which each wait is made longer or shorter, so that many sources do not ask together. */
const JITTER = 0.2;

/**
 * Asks a service for its schema from time to time, with the credentials of its registration, and knows whether it still
 * is the one that the revision was made of. A service that does not tell it says nothing new.
 */
export class SchemaPoller {
  readonly #definition: GraphQLDefinition;
  readonly #services: SourceServices;
  readonly #everyMs: number;
  readonly #controller = new AbortController();
  #timer: Timer | undefined;
  #paused: boolean;
  /** Of the text of the last answer: building a schema takes a while, and most answers are the same. */
  #digest: string | undefined;
  #drift: SchemaDrift | undefined;

  constructor(definition: GraphQLDefinition, services: SourceServices, seconds: number) {
    this.#definition = definition;
    this.#services = services;
    this.#everyMs = seconds * 1000;
    this.#paused = services.settings.paused;
    this.#wait(this.#everyMs * services.random.next());
  }

  /** How the service's schema differs from the revision's; undefined while it does not, or is not known. */
  get drift(): SchemaDrift | undefined {
    return this.#drift;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
  }

  close(): void {
    this.#controller.abort();
    this.#timer?.cancel();
  }

  #wait(ms: number): void {
    if (this.#controller.signal.aborted) return;
    this.#timer = this.#services.clock.setTimer(() => {
      const asked = this.#paused ? Promise.resolve() : this.#ask();
      // A mistake of ours costs one look, never the process.
      asked
        .catch((error: unknown) => process.emitWarning(String(error), { code: 'WEIR_POLL_FAILED' }))
        .finally(() => this.#wait(this.#everyMs * (1 + JITTER * (2 * this.#services.random.next() - 1))));
    }, ms);
  }

  async #ask(): Promise<void> {
    const { http, clock } = this.#services;
    const { url, endpoints, auth, headers, isPart, subgraph, publishSafeChanges } = this.#definition;
    const place = url ?? endpoints[0]?.url;
    if (place === undefined) return;
    const { signal } = this.#controller;
    const services = { http, clock, signal };
    const input = { headers, ...(auth === undefined ? {} : { auth }) };
    // What a subgraph says of its types does not show in its introspection.
    const asSubgraph = subgraph === true && isPart !== true;
    const told = await introspect(place, input, services, (body) => this.#isNew(body) || asSubgraph);
    if (signal.aborted) return;
    if (told.kind === 'schema') {
      const whole = asSubgraph ? await wholeOf(place, told.schema, input, services) : printUpstream(told.schema);
      // A subgraph that does not tell its SDL just now is none the less one.
      if (asSubgraph && !('entities' in whole)) return;
      this.#compare(whole.sdl);
    }
    const isTold = told.kind === 'schema' || told.kind === 'unchanged';
    if (!isTold || signal.aborted || this.#drift === undefined || publishSafeChanges !== true) return;
    this.#services.onSchemaDrift?.(this.#drift);
  }

  #compare(after: string): void {
    const { sdl: before, isPart } = this.#definition;
    if (after === before) this.#drift = undefined;
    else if (after !== this.#drift?.after) {
      this.#drift = { before, after, changedAt: this.#services.clock.now(), isPart: isPart === true };
    }
  }

  #isNew(body: Uint8Array): boolean {
    const digest = createHash('sha256').update(body).digest('base64');
    if (digest === this.#digest) return false;
    this.#digest = digest;
    return true;
  }
}
