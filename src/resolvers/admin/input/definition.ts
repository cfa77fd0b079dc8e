import type { Problem } from '../../../errors/index.ts';
import type { GraphQLSourceInput, PromptSourceInput, RestSourceInput } from '../../../schema/admin/index.ts';
import type { SourceKindName } from '../../../sources/index.ts';
import type { DefinitionInput } from '../lifecycle/index.ts';
import { given } from './given.ts';
import { readGraphQLInput } from './graphql-input.ts';
import { readPromptInput } from './prompt-input.ts';
import { readRestInput } from './rest-input.ts';

/** The part of an input that says what a source is: one field a kind, exactly one of them given. */
export interface KindInputs {
  readonly rest?: RestSourceInput | null;
  readonly graphql?: GraphQLSourceInput | null;
  readonly prompt?: PromptSourceInput | null;
  readonly note?: string | null;
}

interface KindReader {
  readonly field: 'rest' | 'graphql' | 'prompt';
  readonly kind: SourceKindName;
  read(inputs: KindInputs, problems: Problem[]): unknown;
}

/** A kind becomes registrable with a row here and a field in the inputs. */
const READERS: readonly KindReader[] = [
  {
    field: 'rest',
    kind: 'REST',
    read: ({ rest }, problems) => (rest ? readRestInput(rest, 'input.rest', problems) : undefined),
  },
  {
    field: 'graphql',
    kind: 'GRAPHQL',
    read: ({ graphql }, problems) => (graphql ? readGraphQLInput(graphql, 'input.graphql', problems) : undefined),
  },
  {
    field: 'prompt',
    kind: 'PROMPT',
    read: ({ prompt }, problems) => (prompt ? readPromptInput(prompt, 'input.prompt', problems) : undefined),
  },
];

/** The kind that is meant and what it is to read; `problems` so far and those found here are handed on. */
export function readDefinitionInput(inputs: KindInputs, problems: Problem[]): DefinitionInput {
  const meant = READERS.filter(({ field }) => given(inputs[field]) !== undefined);
  const [reader] = meant;
  const note = given(inputs.note);
  if (reader === undefined || meant.length > 1) {
    const fields = READERS.map(({ field }) => field).join(', ');
    const came = meant.map(({ field }) => field).join(', ') || 'none';
    problems.push({ path: 'input', message: `Expected exactly one definition, of: ${fields}; got ${came}.` });
    return { kind: undefined, input: undefined, note, problems };
  }
  return { kind: reader.kind, input: reader.read(inputs, problems), note, problems };
}
