import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
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
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await weir?.close();
  });

  test('runs the first query as an anonymous caller', async () => {
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.locator('.graphiql-response').getByText('ANONYMOUS').waitFor();
  });

  test('with the admin’s key, its schema has the admin API', async () => {
    await page.getByRole('textbox', { name: 'Key' }).fill(TEST_ADMIN_KEY);
    await page.getByRole('button', { name: 'Use key' }).click();
    await page.getByRole('button', { name: /show documentation explorer/i }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Mutation', { exact: true }).click();
    await page.locator('.graphiql-doc-explorer').getByText('registerSource').first().waitFor();
    await page.getByRole('button', { name: /execute query/i }).click();
    await page.locator('.graphiql-response').getByText('"ADMIN"').waitFor();
  });

  test('needs no other host and complains about nothing', () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
