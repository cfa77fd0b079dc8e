/** A steady stream of queries: one every few milliseconds, whether or not the ones before are answered. */
import { Agent, request } from 'node:http';

const EVERY_MS = 5;

export function startStream(endpoint, query) {
  // More connections than could ever wait at once: a query that waits in line here would hide a stall of the gateway.
  const agent = new Agent({ keepAlive: true, maxSockets: 1000 });
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const list = [];
  const open = new Set();
  let failed = 0;
  const ask = () => {
    const began = performance.timeOrigin + performance.now();
    const finished = new Promise((resolve) => {
      const call = request(endpoint, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          if (!text.includes('"name":"thing"')) failed++;
          resolve();
        });
        response.on('error', () => {
          failed++;
          resolve();
        });
      });
      call.on('error', () => {
        failed++;
        resolve();
      });
      call.end(body);
    }).then(() => {
      open.delete(finished);
      list.push({ began, ms: performance.timeOrigin + performance.now() - began });
    });
    open.add(finished);
  };
  const timer = setInterval(ask, EVERY_MS);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return { list, failed };
    },
  };
}
