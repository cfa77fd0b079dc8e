/** From sending publishSource, and from its acknowledgement, to the first query served; then publishing under load. */
import { createServer } from 'node:http';
import {
  makeDocument,
  must,
  newDataDir,
  PUBLISH,
  REGISTER,
  REVISE,
  removeDataDir,
  send,
  startGateway,
} from './gateway-process.mjs';

async function startThings() {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: request.url.split('/').at(-1), name: 'thing', size: 1 }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export async function measurePublish(runs = 10) {
  const upstream = await startThings();
  const dir = newDataDir();
  const gateway = await startGateway(dir);
  const whole = [];
  const afterAck = [];
  for (let i = 0; i < runs; i++) {
    const name = `things${i}`;
    const input = {
      name,
      visibility: 'PUBLIC',
      rest: { document: makeDocument(20), endpoints: [{ url: upstream.url }] },
    };
    await must(gateway.endpoint, REGISTER, { input });
    const started = performance.now();
    await must(gateway.endpoint, PUBLISH, { name });
    const acknowledged = performance.now();
    await must(gateway.endpoint, `{ ${name} { getThing3(id: "1") { name } } }`);
    whole.push(performance.now() - started);
    afterAck.push(performance.now() - acknowledged);
  }
  await gateway.end();
  removeDataDir(dir);
  upstream.close();
  const middle = (list) => Math.round(list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]);
  return {
    runs,
    fromSendingMedianMs: middle(whole),
    fromSendingWorstMs: Math.round(Math.max(...whole)),
    fromAcknowledgementMedianMs: middle(afterAck),
    fromAcknowledgementWorstMs: Math.round(Math.max(...afterAck)),
  };
}

/** Revises and publishes one source again and again while queries run against it and its neighbour. */
export async function measurePublishingUnderLoad(publications = 200, clients = 8) {
  const upstream = await startThings();
  const dir = newDataDir();
  const gateway = await startGateway(dir);
  const rest = (version) => ({ document: makeDocument(20, version), endpoints: [{ url: upstream.url }] });
  for (const name of ['steady', 'moving']) {
    await must(gateway.endpoint, REGISTER, { input: { name, visibility: 'PUBLIC', rest: rest(1) } });
    await must(gateway.endpoint, PUBLISH, { name });
  }
  let running = true;
  let queries = 0;
  const failures = [];
  const client = async () => {
    while (running) {
      const answer = await send(
        gateway.endpoint,
        '{ steady { getThing1(id: "1") { name } } moving { getThing2(id: "2") { name } } }',
      ).catch((error) => ({ errors: [{ message: String(error) }] }));
      queries++;
      const ok =
        answer.errors === undefined &&
        answer.data?.steady?.getThing1?.name === 'thing' &&
        answer.data?.moving?.getThing2?.name === 'thing';
      if (!ok) failures.push(JSON.stringify(answer.errors ?? answer));
    }
  };
  const load = Promise.all(Array.from({ length: clients }, client));
  for (let version = 2; version < publications + 2; version++) {
    await must(gateway.endpoint, REVISE, { input: { name: 'moving', rest: rest(version) } });
    await must(gateway.endpoint, PUBLISH, { name: 'moving' });
  }
  running = false;
  await load;
  await gateway.end();
  removeDataDir(dir);
  upstream.close();
  return { publications, clients, queries, failed: failures.length, examples: failures.slice(0, 3) };
}
