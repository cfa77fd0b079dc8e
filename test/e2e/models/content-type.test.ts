import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ModelsGateway, startModelsGateway } from './setup.ts';

let gateway: ModelsGateway;

beforeAll(async () => {
  gateway = await startModelsGateway();
});
afterAll(() => gateway.close());

function post(path: string, contentType: string): Promise<Response> {
  return fetch(`${gateway.weir.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': contentType },
    body: '{"model":"acme/small","messages":[{"role":"user","content":"hello"}]}',
  });
}

describe.each(['/v1/chat/completions', '/v1/embeddings', '/v1/messages', '/prompts/translate'])('%s', (path) => {
  test.each(['text/plain', 'application/x-www-form-urlencoded'])('names the header that says %s', async (type) => {
    const response = await post(path, type);
    expect(response.status).toBe(415);
    expect(await response.text()).toContain(`content-type: Expected the header to be application/json, got ${type}.`);
  });
});
