/**
 * The client, a process of its own: an open loop, whose requests come at their time however long others take.
 * Told by messages what to ask; answers with the latencies in milliseconds, or with what went wrong.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { DIRECT, QUERIES, variablesOf } from './queries.mjs';

const agent = new Agent({ keepAlive: true });

function post(url, query, variables) {
  const body = JSON.stringify({ query, variables });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function ask(url, query, variables) {
  const { status, text } = await post(url, query, variables);
  const answer = status === 200 ? JSON.parse(text) : undefined;
  if (answer?.data === undefined || answer.errors !== undefined) {
    throw new Error(`${url} answered ${status}: ${text.slice(0, 300)}`);
  }
  return answer.data;
}

async function askDirectly(urls, name, index) {
  let data = {};
  for (const { service, query, variables = () => variablesOf(index) } of DIRECT[name]) {
    data = { ...data, ...(await ask(urls[service], query, variables(data))) };
  }
  return data;
}

const one = ({ url, urls, name }, index) => {
  const { query } = QUERIES.find((candidate) => candidate.name === name);
  return url === undefined ? askDirectly(urls, name, index) : ask(url, query, variablesOf(index));
};

async function stream(order) {
  const { perSecond, requests } = order;
  const began = performance.now();
  const asked = [];
  for (let index = 0; index < requests; index++) {
    const waitMs = began + (index * 1_000) / perSecond - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const at = performance.now();
    asked.push(one(order, index).then(() => performance.now() - at));
  }
  return Promise.all(asked);
}

process.on('message', async (order) => {
  try {
    process.send(order.requests === 1 ? { data: await one(order, 0) } : { latencies: await stream(order) });
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.on('disconnect', () => process.exit(0));
