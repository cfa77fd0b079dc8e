import { afterEach, expect, test } from '@jest/globals';
import type { PromptInput } from '../../../src/sources/prompt/index.ts';
import { promptRig, type Rig } from './support.ts';

const LOOK: PromptInput = {
  template: 'Describe {{photo}} and {{others}}.',
  variables: [
    { name: 'photo', type: 'Image!' },
    { name: 'others', type: '[File!]' },
  ],
  models: ['first/large'],
};
const PIXEL = Buffer.from('pixel').toString('base64');

let rig: Rig;
afterEach(() => rig.close());

test('files go beside the text, which tells them by number', async () => {
  rig = await promptRig(LOOK, { 'first/large': [{ kind: 'text', text: 'ok' }] });
  await rig.ask({
    photo: { base64: PIXEL, mediaType: 'image/png', name: 'a.png' },
    others: [{ url: 'https://files.example/b.pdf', mediaType: 'application/pdf' }],
  });
  expect(rig.models.asked[0]?.request.messages.at(-1)?.parts).toEqual([
    { kind: 'text', text: '{"photo":"attached file 1","others":["attached file 2"]}' },
    { kind: 'file', mediaType: 'image/png', data: new Uint8Array(Buffer.from('pixel')), name: 'a.png' },
    { kind: 'file', mediaType: 'application/pdf', data: new URL('https://files.example/b.pdf') },
  ]);
});

const other = { base64: PIXEL, mediaType: 'text/plain' };
test.each<readonly [string, object, string]>([
  ['neither url nor base64', { mediaType: 'image/png' }, 'photo: Expected exactly one of url and base64'],
  ['both', { url: 'https://a.example', base64: PIXEL, mediaType: 'image/png' }, 'photo: Expected exactly one'],
  ['no image', { base64: PIXEL, mediaType: 'text/html' }, 'photo: Expected an image'],
  ['no media type', { base64: PIXEL, mediaType: 'png' }, 'photo: Expected a mediaType'],
  ['no base64', { base64: 'a b', mediaType: 'image/png' }, 'photo: Expected padded base64'],
  [
    'too much',
    { base64: 'A'.repeat(15 * 1024 * 1024), mediaType: 'image/png' },
    'photo: Expected at most 10485760 bytes; got 11796480',
  ],
  ['an http URL', { url: 'http://a.example/b', mediaType: 'image/png' }, 'photo: Expected an https URL'],
  ['a data URL', { url: 'data:image/png;base64,AAAA', mediaType: 'image/png' }, 'photo: Expected an https URL'],
  ['a credential', { url: 'https://me:pw@a.example/b', mediaType: 'image/png' }, 'photo: Expected an https URL'],
])('a file with %s is refused by name', async (_name, photo, message) => {
  rig = await promptRig(LOOK, { 'first/large': [{ kind: 'text', text: 'ok' }] });
  const outcome = await rig.ask({ photo });
  if (outcome.kind !== 'FAILED') throw new Error(outcome.kind);
  expect(outcome.failure.toClientError('shop', 0).message).toContain(message);
  expect(rig.models.asked).toHaveLength(0);
});

test('only so many files go along', async () => {
  rig = await promptRig(LOOK, { 'first/large': [{ kind: 'text', text: 'ok' }] });
  const outcome = await rig.ask({
    photo: { base64: PIXEL, mediaType: 'image/png' },
    others: Array.from({ length: 16 }, () => other),
  });
  expect(outcome).toMatchObject({
    kind: 'FAILED',
    failure: { code: 'BAD_USER_INPUT', problems: [{ path: 'others.15' }] },
  });
});
