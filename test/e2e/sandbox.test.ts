import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { newsSchema, Topic } from '../sources/graphql/support/news.ts';
import { startGraphQLWs } from '../sources/graphql/support/subscription-servers.ts';
import { startTestGateway, TEST_ADMIN_KEY, type TestGateway } from '../support/test-gateway.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;

let weir: TestGateway;
let browser: Browser;

withBrowser('the sandbox in a browser (skipped: no Chromium)', () => {
  const foreign: string[] = [];
  const complaints: string[] = [];
  let page: Page;

  beforeAll(async () => {
    weir = await startTestGateway();
    browser = await chromium.launch({
      ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await browser.newPage();
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(weir.url) && !url.startsWith('data:') && !url.startsWith('blob:')) foreign.push(url);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${weir.url}/sandbox`);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await weir?.close();
  });

  /** Waits until a part of the page shows a text: editors draw theirs in many small elements. */
  const shows = async (selector: string, text: string, again?: () => Promise<void>): Promise<void> => {
    for (let i = 0; ; i++) {
      // A page that is still starting up overlooks a click.
      if (i % 20 === 0) await again?.();
      const shown = await page.locator(selector).allInnerTexts();
      if (shown.join('').includes(text)) return;
      await page.waitForTimeout(100);
    }
  };
  /** An editor that is still starting up takes a text into the middle of what it has. */
  const write = async (text: string): Promise<void> => {
    const editor = page.locator('.graphiql-query-editor .view-lines');
    do {
      await editor.click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(text);
      await page.waitForTimeout(100);
    } while (((await editor.textContent()) ?? '').replaceAll('\u00a0', ' ') !== text);
  };
  const execute = (): Promise<void> => page.getByRole('button', { name: /execute query/i }).click();

  test('runs the first query as an anonymous caller', async () => {
    await shows('.graphiql-response', 'ANONYMOUS', execute);
  }, 90_000);

  test('with the admin’s key, its schema has the admin API', async () => {
    await page.getByRole('textbox', { name: 'Key' }).fill(TEST_ADMIN_KEY);
    await page.getByRole('button', { name: 'Use key' }).click();
    await shows('.graphiql-response', '"ADMIN"', execute);
    await page.getByRole('button', { name: /show documentation explorer/i }).click();
    await shows('.graphiql-doc-explorer', 'Mutation');
    await page.locator('.graphiql-doc-explorer').getByText('Mutation', { exact: true }).click();
    await shows('.graphiql-doc-explorer', 'registerSource');
  });

  test('shows what a subscription brings', async () => {
    const topic = new Topic();
    const upstream = await startGraphQLWs(newsSchema(topic));
    try {
      await weir.publish({ name: 'news', visibility: 'PUBLIC', graphql: { url: upstream.url } });
      await page.goto(`${weir.url}/sandbox`);
      await write('subscription { newsCount(to: 3) }');
      // The editor's spaces are not those of a text.
      await shows('.graphiql-response', '"newsCount":\u00a03', execute);
    } finally {
      await upstream.close();
    }
  }, 60_000);

  test('needs no other host and complains about nothing', () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
