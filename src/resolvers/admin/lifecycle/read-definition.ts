import { InvalidDefinition, type Problem } from '../../../errors/index.ts';
import type { Policy, SourceDescription, SourceKindName } from '../../../sources/index.ts';
import type { LifecycleCore } from './core.ts';
import { problemsOfGivenLinks } from './link-sides.ts';
import type { DefinitionInput } from './register.ts';

/** Milliseconds in which a definition must be read, documents fetched: a slow host must not hold a source's lock. */
const READ_TIMEOUT_MS = 30_000;

export interface ReadDefinition {
  readonly kind: SourceKindName;
  readonly definition: unknown;
  readonly description: SourceDescription;
}

/** Reads and describes. Throws one INVALID_DEFINITION with the problems given and all that the kind finds. */
export async function readDefinition(
  core: LifecycleCore,
  name: string,
  input: DefinitionInput,
  policy: Policy,
): Promise<ReadDefinition> {
  if (input.kind === undefined) throw new InvalidDefinition(input.problems);
  const kind = core.descriptions.kind(input.kind);
  const abort = new AbortController();
  const timer = core.clock.setTimer(() => abort.abort(), READ_TIMEOUT_MS);
  try {
    const { http, clock, models } = core;
    const services = { http, clock, signal: abort.signal, ...(models === undefined ? {} : { models }) };
    const definition = await kind.read(input.input, name, services);
    if (input.problems.length > 0) throw new InvalidDefinition(input.problems);
    const description = await kind.describe(definition, name);
    const problems = [
      ...problemsOf(description, input.kind, policy),
      ...(description.problems ?? []),
      ...(await problemsOfGivenLinks(core, { name, description }, input.links ?? [])),
    ];
    if (problems.length > 0) throw new InvalidDefinition(problems);
    return { kind: input.kind, definition, description };
  } catch (error: unknown) {
    const found = error instanceof InvalidDefinition ? (error.details.problems ?? []) : [];
    if (input.problems.length === 0 || found === input.problems) throw error;
    // Whatever else went wrong (an unreachable document): what is wrong with the input is known already.
    const named = new Set(input.problems.map(({ path }) => path));
    throw new InvalidDefinition([...input.problems, ...found.filter(({ path }) => !named.has(path))]);
  } finally {
    timer.cancel();
  }
}

function problemsOf(description: SourceDescription, kind: SourceKindName, policy: Policy): readonly Problem[] {
  const { operations } = description;
  const place = `input.${kind.toLowerCase()}`;
  if (operations.size === 0) return [{ path: place, message: 'Expected at least one usable operation; got none.' }];

  const problems: Problem[] = [];
  const checkFallback = ({ fallback }: Policy, path: string, of: string): void => {
    if (fallback === undefined || !('operation' in fallback) || operations.has(fallback.operation)) return;
    const got = JSON.stringify(fallback.operation);
    problems.push({ path, message: `Expected ${of} to fall back on an operation of the source; got ${got}.` });
  };
  checkFallback(policy, 'input.policy.fallback.operation', 'the source');
  for (const { name, policy: own } of operations.values()) {
    if (own !== undefined) checkFallback(own, `${place}.operations`, `operation ${name}`);
  }
  return problems;
}
