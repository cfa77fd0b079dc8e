import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { EventStream } from '../../../src/server/way-in/event-stream.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

let app: FastifyInstance;
let clock: FakeClock;
let stream: EventStream;
let raw: ServerResponse;
let came: string;
let ended: boolean;

beforeEach(async () => {
  clock = new FakeClock();
  came = '';
  ended = false;
  app = fastify();
  app.get('/', (_request, reply) => {
    stream = new EventStream(reply, clock);
    raw = reply.raw;
    void stream.send('1');
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, host: '127.0.0.1' }, resolve));
  response.on('data', (bytes: Buffer) => {
    came += bytes.toString();
  });
  response.on('end', () => {
    ended = true;
  });
});

afterEach(() => app.close());

async function until(text: string): Promise<void> {
  while (came !== text) await settle();
}

test('an event leaves at once, one soon after it waits, and takes what comes meanwhile along', async () => {
  await until('data: 1\n\n');
  void stream.send('2');
  await clock.advance(4);
  void stream.send('3');
  await settle();
  expect(came).toBe('data: 1\n\n');
  await clock.advance(1);
  await until('data: 1\n\ndata: 2\n\ndata: 3\n\n');
  await clock.advance(5);
  void stream.send('4');
  await until('data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n');
  stream.end();
  while (!ended) await settle();
});

test('the end waits for nothing, and leaves nothing behind', async () => {
  await until('data: 1\n\n');
  void stream.send('2');
  stream.end();
  await until('data: 1\n\ndata: 2\n\n');
  while (!ended) await settle();
  await clock.advance(5);
  expect(came).toBe('data: 1\n\ndata: 2\n\n');
});

test('all who wait for the reader wait for one thing', async () => {
  await until('data: 1\n\n');
  const large = 'x'.repeat(4_000_000);
  void stream.send(large);
  await clock.advance(5);
  while (!raw.writableNeedDrain) await settle();
  const before = raw.listenerCount('drain');
  const waiting = Array.from({ length: 50 }, () => stream.send('2'));
  expect(raw.listenerCount('drain')).toBe(before + 1);
  await Promise.all(waiting);
  expect(raw.listenerCount('drain')).toBe(before);
  stream.end();
});
