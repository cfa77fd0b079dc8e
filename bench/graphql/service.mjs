/**
 * One of the two upstreams, a process of its own: `node service.mjs products` or `node service.mjs stock`. Both are
 * GraphQL services and subgraphs of Apollo Federation at once, and know the same products by the same ids.
 */
import { createServer } from 'node:http';
import { execute, parse } from 'graphql';
import { buildSubgraph } from './subgraphs.mjs';

const { schema, rootValue } = buildSubgraph(process.argv[2]);
const documents = new Map();

function parsed(query) {
  if (!documents.has(query)) documents.set(query, parse(query, { noLocation: true }));
  return documents.get(query);
}

async function answer(body) {
  const { query, variables, operationName } = JSON.parse(body);
  return execute({ schema, rootValue, document: parsed(query), variableValues: variables, operationName });
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const result = Buffer.from(JSON.stringify(await answer(Buffer.concat(chunks).toString())));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': result.length }).end(result);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${server.address().port}/graphql` }));
process.on('disconnect', () => process.exit(0));
