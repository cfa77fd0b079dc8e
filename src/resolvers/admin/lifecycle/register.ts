import type { Actor, Visibility } from '../../../access/index.ts';
import { type Problem, WeirError } from '../../../errors/index.ts';
import type { NewRevision, SchemaChange, SourceRecord } from '../../../registry/index.ts';
import { diffSchemas, printInTurns } from '../../../schema/index.ts';
import type { LinkSpec, Policy, SourceDescription, SourceKindName } from '../../../sources/index.ts';
import { change, type LifecycleCore, requireRevision, requireSource } from './core.ts';
import { readDefinition } from './read-definition.ts';

/** What a kind is given to read; `problems` are those found in the input on the way here. */
export interface DefinitionInput {
  readonly kind: SourceKindName | undefined;
  readonly input: unknown;
  readonly note: string | undefined;
  /** Links that the revision brings. */
  readonly links?: readonly LinkSpec[];
  readonly problems: readonly Problem[];
}

export interface RegisterRequest extends DefinitionInput {
  readonly name: string;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly team: string | undefined;
  readonly visibility: Visibility;
  readonly policy: Policy;
  readonly actor: Actor;
}

/** Makes a source with its first revision, DRAFT. Every problem of input and definition comes in one INVALID_DEFINITION. */
export function register(core: LifecycleCore, request: RegisterRequest): Promise<SourceRecord> {
  const { name } = request;
  return core.locks.hold(name, 'registerSource', async () => {
    const taken = (await core.registry.source(name)) !== undefined;
    if (taken && request.problems.length === 0) throw nameTaken(name);
    const problems = taken ? [nameTakenProblem(name), ...request.problems] : request.problems;
    const { kind, definition, description } = await readDefinition(
      core,
      name,
      { ...request, problems },
      request.policy,
    );
    return core.registry.addSource(
      {
        name,
        kind,
        title: request.title,
        description: request.description,
        tags: request.tags,
        team: request.team,
        visibility: request.visibility,
        policy: request.policy,
        operationPolicies: {},
        revision: newRevision(definition, description, await printInTurns(description.schema), [], request),
      },
      change(request.actor, 'registerSource', { kind, visibility: request.visibility }),
    );
  });
}

export interface ReviseRequest extends DefinitionInput {
  readonly name: string;
  readonly actor: Actor;
}

/** Makes the next revision. The live one goes on until another is published. */
export function revise(core: LifecycleCore, request: ReviseRequest): Promise<SourceRecord> {
  const { name } = request;
  return core.locks.hold(name, 'reviseSource', async () => {
    const record = await requireSource(core, name);
    const problems = [...request.problems];
    if (request.kind !== undefined && request.kind !== record.kind) {
      problems.push({
        path: `input.${request.kind.toLowerCase()}`,
        message: `Expected a definition of kind ${record.kind}, which ${name} is of; got ${request.kind}.`,
      });
    }
    const { definition, description } = await readDefinition(core, name, { ...request, problems }, record.policy);
    const before = await requireRevision(core, record, record.liveRevision ?? record.latestRevision);
    const sdl = await printInTurns(description.schema);
    const changes = await diffSchemas(before.sdl, sdl);
    const revision = newRevision(definition, description, sdl, changes, request);
    const detail = { revision: record.latestRevision + 1, changes: changes.length };
    await core.registry.addRevision(name, record.version, revision, change(request.actor, 'reviseSource', detail));
    return requireSource(core, name);
  });
}

export function newRevision(
  definition: unknown,
  { warnings }: SourceDescription,
  sdl: string,
  changes: readonly SchemaChange[],
  { note, links = [] }: DefinitionInput,
): NewRevision {
  return { definition, sdl, warnings, changes, links, note };
}

function nameTakenProblem(name: string): Problem {
  return { path: 'input.name', message: `Expected a name that is not taken; there is a source named ${name}.` };
}

function nameTaken(name: string): WeirError {
  return new WeirError('CONFLICT', `The name ${name} is taken.`, { source: name, problems: [nameTakenProblem(name)] });
}
