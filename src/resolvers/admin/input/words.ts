import type { Problem } from '../../../errors/index.ts';

const LIMITS = { title: 200, description: 10_000, team: 100, note: 2000, tag: 64 } as const;
const MAX_TAGS = 50;

export interface Words {
  readonly title?: string | null;
  readonly description?: string | null;
  readonly team?: string | null;
  readonly note?: string | null;
  readonly tags?: readonly string[] | null;
}

/** What is wrong with the texts for people: they are stored and shown in lists, so they have limits. */
export function wordProblems(words: Words): readonly Problem[] {
  const problems: Problem[] = [];
  for (const field of ['title', 'description', 'team', 'note'] as const) {
    const length = words[field]?.length ?? 0;
    if (length <= LIMITS[field]) continue;
    problems.push({ path: `input.${field}`, message: `Expected at most ${LIMITS[field]} characters; got ${length}.` });
  }
  const tags = words.tags ?? [];
  if (tags.length > MAX_TAGS)
    problems.push({ path: 'input.tags', message: `Expected at most ${MAX_TAGS}; got ${tags.length}.` });
  for (const [index, tag] of tags.entries()) {
    if (tag.length > 0 && tag.length <= LIMITS.tag) continue;
    problems.push({
      path: `input.tags.${index}`,
      message: `Expected 1 to ${LIMITS.tag} characters; got ${tag.length}.`,
    });
  }
  return problems;
}
