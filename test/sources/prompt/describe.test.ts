import { expect, test } from '@jest/globals';
import { printSchema, validateSchema } from 'graphql';
import { type PromptInput, promptKind } from '../../../src/sources/prompt/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedModels } from '../../support/scripted-models.ts';
import { REVIEW, readPrompt, TRANSLATE } from './support.ts';

async function described(input: PromptInput, name: string) {
  const models = new ScriptedModels(new FakeClock(), { 'first/large': [], 'second/small': [] });
  const description = await promptKind.describe(await readPrompt(input, models), name);
  expect(validateSchema(description.schema)).toEqual([]);
  return {
    description,
    text: printSchema(description.schema)
      .replace(/^\s*""".*"""\n/gm, '')
      .replace(/\n+/g, '\n'),
  };
}

test('a prompt is one flat field, and one for its streams', async () => {
  const { description, text } = await described(TRANSLATE, 'translate');
  expect(description).toMatchObject({
    namespace: '',
    typePrefix: 'Translate',
    prompt: { ask: 'translate', stream: 'translateStream' },
  });
  expect(text).toContain('translate(text: String!, to: TranslateLanguage! = FR): String');
  expect(text).toContain('translateStream(text: String!, to: TranslateLanguage! = FR): TranslateStream');
  expect(text).toMatch(
    /type TranslateStream {\s+delta: String!\s+done: Boolean!\s+value: String\s+usage: TranslateUsage\s+}/,
  );
});

test('types of its answer have its name before theirs', async () => {
  const { text } = await described(REVIEW, 'review_book');
  expect(text).toContain('review_book(text: String!): ReviewBookReview');
  expect(text).toMatch(
    /type ReviewBookReview {\s+stars: Int!\s+mood: ReviewBookMood\s+tags: \[String!\]!\s+author: ReviewBookAuthor\s+}/,
  );
});

test('files and the conversation so far are inputs', async () => {
  const { text } = await described(
    {
      template: '{{photo}} {{others}}',
      variables: [
        { name: 'photo', type: 'Image!' },
        { name: 'others', type: '[File!]' },
      ],
      history: true,
      models: ['first/large'],
    },
    'look',
  );
  expect(text).toMatch(
    /look\(\s*photo: LookFileInput!\s+others: \[LookFileInput!\]\s+history: \[LookMessageInput!\]\s*\): String/,
  );
  expect(text).toMatch(/input LookFileInput {\s+url: String\s+base64: String\s+mediaType: String!\s+name: String\s+}/);
  expect(text).toMatch(/enum LookMessageRole {\s+USER\s+ASSISTANT\s+}/);
});
