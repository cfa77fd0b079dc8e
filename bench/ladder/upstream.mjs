/** The upstream of the benchmark, a process of its own: answers everything with the same small record. */
import { createServer } from 'node:http';

const body = JSON.stringify({
  id: 42,
  name: 'Twenty Thousand Leagues Under the Seas',
  tags: ['sea', 'novel'],
  price: 9.9,
});
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${server.address().port}` }));
// Never asleep: what it costs a client to wake its upstream is the scheduler's, and differs from call to call.
const stayAwake = () => setImmediate(stayAwake);
stayAwake();
process.on('disconnect', () => process.exit(0));
