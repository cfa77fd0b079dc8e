import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';

const main = new URL('../../dist/main.js', import.meta.url).pathname;

test('weir demo --tour shows every rung of the ladder over HTTP, then ends cleanly', async () => {
  const child = spawn(process.execPath, [main, 'demo', '--tour', '--port', '0'], {
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  const served = [...text.matchAll(/^ {2}served (\w+)$/gm)].map(([, outcome]) => outcome);
  expect({ code, served, text: code === 0 ? '' : text }).toEqual({
    code: 0,
    served: ['FRESH', 'CACHED', 'BACKUP', 'STALE', 'FALLBACK', 'FAILED', 'FRESH', 'FRESH', 'FRESH', 'FRESH', 'FRESH'],
    text: '',
  });
  expect(text).toContain('"author":{"name":"Jules Verne","books":{"totalCount":3}},"priceIn":13.923}');
  expect(text).toContain('"reviews":[{"verdict":"READ_IT","text":"Alive after two hundred years.","book":{"id":1}}]');
  expect(text).toContain('"latestReviews":[{"text":"Alive after two hundred years.","book":{"title":"');
  expect(text).toContain('"averageRating":3.5}');
  expect(text).toContain(
    '"pitch":"Frankenstein: Once opened, it does not let go. (Written by rules, not by a model.)"',
  );
  expect(text).toContain('"translate":"le livre et le mer"');
}, 90_000);
