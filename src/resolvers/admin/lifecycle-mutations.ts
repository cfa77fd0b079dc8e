import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import { actorOf } from '../../access/index.ts';
import type { SourceRecord } from '../../registry/index.ts';
import { CheckReport, DateTime, Source, toDate } from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import { given } from './input/given.ts';
import type { CheckResult } from './lifecycle/index.ts';
import type { AdminServices } from './services.ts';

const theName = { description: 'The name of the source.' };
const theNumber = { description: 'Its number: its place in the definition, from 0, as health shows it.' };

/** DRAFT -> PUBLISHED -> DEPRECATED -> RETIRED, and back to PUBLISHED. */
@Resolver()
export class LifecycleMutations {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Mutation(() => CheckReport, {
    description: 'A dry run of publishSource: differences, conflicts, warnings, and a probe of the upstream.',
  })
  checkSource(
    @Arg('name', () => ID, theName) name: string,
    @Arg('revision', () => Int, { nullable: true, description: 'Default: the latest.' }) revision:
      | number
      | null
      | undefined,
  ): Promise<CheckResult> {
    return this.#services.lifecycle.check(name, given(revision));
  }

  @Mutation(() => Source, {
    description:
      'Puts a revision into the graph, as a new graph version; a deprecated source is deprecated no more. ' +
      'Refused with BREAKING_CHANGE when it would break clients of the live revision. The upstream need not be up.',
  })
  publishSource(
    @Arg('name', () => ID, theName) name: string,
    @Arg('revision', () => Int, { nullable: true, description: 'Default: the latest.' }) revision:
      | number
      | null
      | undefined,
    @Arg('acceptBreaking', () => Boolean, { defaultValue: false, description: 'Publish although it breaks clients.' })
    acceptBreaking: boolean,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    return this.#services.lifecycle.publish({
      name,
      revision: given(revision),
      acceptBreaking,
      actor: actorOf(context.caller),
    });
  }

  @Mutation(() => Source, {
    description: 'Publishes an older revision. Breaking changes do not stop it; the audit log lists them.',
  })
  rollbackSource(
    @Arg('name', () => ID, theName) name: string,
    @Arg('toRevision', () => Int, { description: 'Its number, lower than that of the live one.' }) toRevision: number,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    return this.#services.lifecycle.rollback(name, toRevision, actorOf(context.caller));
  }

  @Mutation(() => Source, { description: 'Marks every field of a published source as deprecated.' })
  deprecateSource(
    @Arg('name', () => ID, theName) name: string,
    @Arg('reason', () => String, { description: 'Shown to clients.' }) reason: string,
    @Arg('sunsetAt', () => DateTime, {
      nullable: true,
      description: 'When it is going to be retired; shown to clients.',
    })
    sunsetAt: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    return this.#services.lifecycle.deprecate({
      name,
      reason,
      sunsetAt: sunsetAt == null ? undefined : toDate(sunsetAt),
      actor: actorOf(context.caller),
    });
  }

  @Mutation(() => Source, {
    description: 'Takes a deprecated source out of the graph. Requests in flight are still served.',
  })
  retireSource(@Arg('name', () => ID, theName) name: string, @Ctx() context: RequestContext): Promise<SourceRecord> {
    return this.#services.lifecycle.retire(name, actorOf(context.caller));
  }

  @Mutation(() => ID, { description: 'Removes a draft or a retired source with its revisions. The audit log stays.' })
  deleteSource(@Arg('name', () => ID, theName) name: string, @Ctx() context: RequestContext): Promise<string> {
    return this.#services.lifecycle.remove(name, actorOf(context.caller));
  }

  @Mutation(() => Source, {
    description: 'Holds back calls to the upstream: answers come from the cache or the fallback.',
  })
  pauseSource(@Arg('name', () => ID, theName) name: string, @Ctx() context: RequestContext): Promise<SourceRecord> {
    return this.#services.lifecycle.setPaused(name, true, actorOf(context.caller));
  }

  @Mutation(() => Source, {
    description:
      'Takes one endpoint of a live source out of use by hand, or back in; calls go to the others. ' +
      'Not stored: a restart, or another revision, begins with every endpoint in use.',
  })
  isolateEndpoint(
    @Arg('source', () => ID, theName) name: string,
    @Arg('endpoint', () => Int, theNumber) endpoint: number,
    @Arg('isolated', () => Boolean, { description: 'true takes it out, false back in.' }) isolated: boolean,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    return this.#services.lifecycle.isolateEndpoint({ name, endpoint, isolated, actor: actorOf(context.caller) });
  }

  @Mutation(() => Source, {
    description:
      'Closes the circuit breaker of one endpoint of a live source and forgets what its probes said, ' +
      'so that calls go to it again at once.',
  })
  resetBreaker(
    @Arg('source', () => ID, theName) name: string,
    @Arg('endpoint', () => Int, theNumber) endpoint: number,
    @Ctx() context: RequestContext,
  ): Promise<SourceRecord> {
    return this.#services.lifecycle.resetBreaker({ name, endpoint, actor: actorOf(context.caller) });
  }

  @Mutation(() => Source, { description: 'Lets calls to the upstream go again.' })
  resumeSource(@Arg('name', () => ID, theName) name: string, @Ctx() context: RequestContext): Promise<SourceRecord> {
    return this.#services.lifecycle.setPaused(name, false, actorOf(context.caller));
  }
}
