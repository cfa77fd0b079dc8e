import { describe, expect, test } from '@jest/globals';
import { UpstreamFailure, WeirError } from '../../../src/errors/index.ts';
import { fakeConnection, fakeMember, fresh } from '../../schema/graph/fake-member.ts';
import { settle } from '../../support/fake-clock.ts';
import { type StreamingConnection, streamingConnection } from '../../support/fake-stream.ts';
import { BOOK_LINK, BOOKS_SDL, NotSubscribed, reviewsMember, subscriptionHarness } from './harness.ts';

const CHANGED = 'subscription { reviewsChanged(book: "b1") { text } }';

const lost = (retryable = true): UpstreamFailure =>
  new UpstreamFailure({
    code: 'NO_HEALTHY_UPSTREAM',
    reason: 'connection_terminated',
    detail: 'reviews.example went away',
    retryable,
    countsAgainstHealth: true,
  });

function only({ open }: StreamingConnection) {
  const [stream, another] = open;
  if (stream === undefined || another !== undefined) throw new Error(`Expected one open stream; got ${open.length}.`);
  return stream;
}

describe('a subscription', () => {
  test('gives an answer for each event, in order, and completes with its source', async () => {
    const connection = streamingConnection();
    const { subscribe, subscriptions } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe('subscription Live($b: ID) { news: reviewsChanged(book: $b) { words: text } }', {
      variables: { b: 'b1' },
    });
    const stream = only(connection);
    expect(stream).toMatchObject({ operation: 'changed', call: { arguments: { book: 'b1', first: 3 } } });
    expect(stream.call.selection?.fieldNodes[0]?.alias?.value).toBe('news');
    stream.answer({ text: 'one' });
    stream.answer({ text: 'two' });
    stream.complete();
    expect(await answers.next()).toEqual({ data: { news: { words: 'one' } } });
    expect(await answers.next()).toEqual({ data: { news: { words: 'two' } } });
    expect(await answers.next()).toBeUndefined();
    expect(subscriptions.size).toBe(0);
  });

  test('answers of a flat leaf, and null', async () => {
    const connection = streamingConnection();
    const { subscribe } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe('subscription { reviewsRemoved }');
    only(connection).answer('r1');
    only(connection).answer(null);
    expect(await answers.next()).toEqual({ data: { reviewsRemoved: 'r1' } });
    expect(await answers.next()).toEqual({ data: { reviewsRemoved: null } });
    await answers.return();
  });

  test('links below it are called for each event anew, within each event’s own allowance', async () => {
    const books = fakeConnection((_, { id }) => fresh({ title: `Title of ${id}` }));
    const connection = streamingConnection();
    const { subscribe } = await subscriptionHarness([
      reviewsMember({ connection, links: [BOOK_LINK] }),
      fakeMember({ name: 'books', sdl: BOOKS_SDL, connection: books }),
    ]);
    const answers = await subscribe('subscription { reviewsChanged { text book { title } } }');
    for (const bookId of ['b1', 'b2', 'b1']) only(connection).answer({ text: 'x', _weir_bookId: bookId, bookId });
    for (const id of ['b1', 'b2', 'b1']) {
      const answer = await answers.next();
      expect(answer).toMatchObject({ data: { reviewsChanged: { text: 'x' } } });
      expect(JSON.stringify(answer)).toContain(`Title of ${id}`);
    }
    expect(books.calls).toHaveLength(3);
    await answers.return();
  });

  test('an answer that failed is null with a coded error, and the stream goes on', async () => {
    const connection = streamingConnection();
    const { subscribe } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe(CHANGED);
    const failure = lost();
    only(connection).push({
      kind: 'ANSWER',
      outcome: { kind: 'FAILED', failure, durationMs: 1, attempts: [], cache: 'BYPASS' },
    });
    only(connection).answer({ text: 'again' });
    expect(await answers.next()).toMatchObject({
      data: { reviewsChanged: null },
      errors: [{ path: ['reviewsChanged'], message: 'reviews has no healthy upstream.' }],
      extensions: { weir: { degraded: true, sources: [{ name: 'reviews', outcome: 'FAILED' }] } },
    });
    expect(await answers.next()).toEqual({ data: { reviewsChanged: { text: 'again' } } });
    await answers.return();
  });

  test('an interruption is told with the next answer, once', async () => {
    const connection = streamingConnection();
    const { subscribe } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe(CHANGED);
    const stream = only(connection);
    stream.push({ kind: 'INTERRUPTED', failure: lost() });
    stream.push({ kind: 'INTERRUPTED', failure: lost() });
    stream.answer({ text: 'after' });
    stream.answer({ text: 'later' });
    expect(await answers.next()).toEqual({
      data: { reviewsChanged: { text: 'after' } },
      extensions: {
        weir: {
          graphVersion: 1,
          sources: [],
          degraded: true,
          interruptions: { count: 2, reasons: ['connection_terminated'] },
        },
      },
    });
    expect(await answers.next()).toEqual({ data: { reviewsChanged: { text: 'later' } } });
    await answers.return();
  });

  test('with a trace, each answer has its own', async () => {
    const connection = streamingConnection();
    const { subscribe } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe(CHANGED, { headers: { 'weir-trace': '1' } });
    only(connection).answer({ text: 'a' });
    only(connection).answer({ text: 'b' });
    for (const _ of [1, 2]) {
      const answer = await answers.next();
      const weir = answer?.extensions?.weir as { calls: unknown[] };
      expect(weir.calls).toHaveLength(1);
    }
    await answers.return();
  });

  test('a source that is lost for good is a last answer with the coded error', async () => {
    const connection = streamingConnection();
    const { subscribe, subscriptions } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe(CHANGED);
    only(connection).answer({ text: 'before' });
    only(connection).push({ kind: 'ENDED', failure: lost() });
    expect(await answers.next()).toEqual({ data: { reviewsChanged: { text: 'before' } } });
    expect(await answers.next()).toMatchObject({
      data: { reviewsChanged: null },
      errors: [{ path: ['reviewsChanged'], extensions: { code: 'NO_HEALTHY_UPSTREAM', source: 'reviews' } }],
    });
    expect(await answers.next()).toBeUndefined();
    expect(subscriptions.size).toBe(0);
  });

  test('a client that goes ends the source’s stream, while it waits and between', async () => {
    const connection = streamingConnection();
    const { subscribe, subscriptions } = await subscriptionHarness([reviewsMember({ connection })]);
    const waits = await subscribe(CHANGED);
    const next = waits.next();
    await waits.return();
    expect(await next).toBeUndefined();
    const between = await subscribe(CHANGED);
    await between.return();
    expect(connection.open).toEqual([]);
    expect(connection.streams).toHaveLength(2);
    expect(subscriptions.size).toBe(0);
  });
});

describe('what is refused before a source is touched', () => {
  test.each([
    [
      'two root fields',
      'subscription { reviewsChanged { id } reviewsRemoved }',
      'must select only one top level field',
    ],
    ['an unknown field', 'subscription { changed { id } }', 'Cannot query field "changed"'],
    ['no field at all', 'subscription { reviewsRemoved @skip(if: true) }', 'one field'],
    [
      'more than the limits allow',
      `subscription { reviewsChanged { ${'a: id '.repeat(40)} } }`,
      'aliases of at most 30',
    ],
    ['a variable of another type', 'subscription ($b: Int!) { reviewsRemoved @skip(if: false) }', 'never used'],
  ])('%s', async (_, source, message) => {
    const connection = streamingConnection();
    const { subscribe, subscriptions } = await subscriptionHarness([reviewsMember({ connection })]);
    const refusal: unknown = await subscribe(source).catch((error: unknown) => error);
    if (!(refusal instanceof NotSubscribed)) throw refusal;
    expect(refusal.result.errors?.[0]?.message).toContain(message);
    expect(connection.streams).toEqual([]);
    expect(subscriptions.size).toBe(0);
  });

  test('more subscriptions than there may be', async () => {
    const connection = streamingConnection();
    const { subscribe } = await subscriptionHarness([reviewsMember({ connection })], { subscriptions: 2 });
    const first = await subscribe(CHANGED);
    await subscribe(CHANGED);
    await expect(subscribe(CHANGED)).rejects.toMatchObject({
      result: { errors: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', allowed: 2 } }] },
    });
    await first.return();
    await (await subscribe(CHANGED)).return();
  });
});

describe('a new version of the graph', () => {
  test('with the same connection: it goes on, unnoticed, and lets the old version go', async () => {
    const other = fakeConnection();
    const connection = streamingConnection();
    const member = reviewsMember({ connection });
    const { subscribe, swap } = await subscriptionHarness([
      member,
      fakeMember({ name: 'books', sdl: BOOKS_SDL, connection: other }),
    ]);
    const answers = await subscribe(CHANGED, { headers: { 'weir-trace': '1' } });
    await swap([{ ...member, deprecation: { reason: 'Goes.', sunsetAt: undefined } }]);
    await settle();
    expect(other.closes).toBe(1);
    expect(connection.streams).toHaveLength(1);
    only(connection).answer({ text: 'after' });
    const answer = await answers.next();
    expect(answer).toMatchObject({
      data: { reviewsChanged: { text: 'after' } },
      extensions: { weir: { graphVersion: 2, degraded: false } },
    });
    expect(answer?.extensions?.weir).not.toHaveProperty('interruptions');
    await answers.return();
  });

  test('with another connection: it subscribes there, and tells the interruption', async () => {
    const [before, after] = [streamingConnection(), streamingConnection()];
    const { subscribe, swap } = await subscriptionHarness([reviewsMember({ connection: before })]);
    const answers = await subscribe(CHANGED);
    await swap([reviewsMember({ connection: after, revision: 2 })]);
    await settle();
    expect(before.open).toEqual([]);
    expect(before.closed).toBe(true);
    only(after).answer({ text: 'there' });
    expect(await answers.next()).toMatchObject({
      data: { reviewsChanged: { text: 'there' } },
      extensions: { weir: { interruptions: { count: 1, reasons: ['source_revised'] } } },
    });
    await answers.return();
  });

  test('in which a link below it needs something else of its parent: it asks the same connection for that', async () => {
    const connection = streamingConnection();
    const books = fakeMember({ name: 'books', sdl: BOOKS_SDL });
    const { subscribe, swap } = await subscriptionHarness([reviewsMember({ connection, links: [BOOK_LINK] }), books]);
    const answers = await subscribe('subscription { reviewsChanged { book { title } } }');
    const link = { ...BOOK_LINK, arguments: [{ name: 'id', from: 'FIELD', field: 'id' }] } as const;
    await swap([reviewsMember({ connection, links: [link] }), books]);
    await settle();
    expect(connection.streams).toHaveLength(2);
    expect(connection.streams[0]?.ended).toBe(true);
    expect(JSON.stringify(connection.streams.map(({ call }) => call.selection?.fieldNodes))).toMatch(/"bookId".*"id"/);
    await answers.return();
  });

  test('without its field: it ends with a coded error, dropping what waits', async () => {
    const connection = streamingConnection();
    const { subscribe, swap, subscriptions } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe(CHANGED);
    only(connection).answer({ text: 'unread' });
    await settle();
    await swap([]);
    await settle();
    expect(connection.closed).toBe(true);
    expect(await answers.next()).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'SUBSCRIPTION_ENDED', retryable: true } }],
    });
    expect(await answers.next()).toBeUndefined();
    expect(subscriptions.size).toBe(0);
  });

  test('that hides its source from the caller: it ends', async () => {
    const connection = streamingConnection();
    const member = reviewsMember({ connection });
    const { subscribe, swap } = await subscriptionHarness([member]);
    const answers = await subscribe(CHANGED);
    await swap([{ ...member, visibility: 'PRIVATE' }]);
    await settle();
    expect(connection.open).toEqual([]);
    expect(await answers.next()).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_ENDED' } }] });
  });

  test('while an event is executed: that event ends on the version it began with', async () => {
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const books = fakeConnection(async () => {
      await held;
      return fresh({ title: 'Held' });
    });
    const connection = streamingConnection();
    const reviews = reviewsMember({ connection, links: [BOOK_LINK] });
    const { subscribe, swap } = await subscriptionHarness([
      reviews,
      fakeMember({ name: 'books', sdl: BOOKS_SDL, connection: books }),
    ]);
    const answers = await subscribe('subscription { reviewsChanged { book { title } } }');
    only(connection).answer({ bookId: 'b1', _weir_bookId: 'b1' });
    const answer = answers.next();
    await settle();
    await swap([reviews, fakeMember({ name: 'books', sdl: BOOKS_SDL, connection: fakeConnection() })]);
    await settle();
    expect(books.closes).toBe(0);
    release?.();
    expect(await answer).toMatchObject({ data: { reviewsChanged: { book: { title: 'Held' } } } });
    await settle();
    expect(books.closes).toBe(1);
    await answers.return();
  });

  test('several at once, for many subscribers: the last is what they go on in', async () => {
    const connection = streamingConnection();
    const member = reviewsMember({ connection });
    const { subscribe, swap, graph } = await subscriptionHarness([member]);
    const all = await Promise.all(
      Array.from({ length: 50 }, () => subscribe(CHANGED, { headers: { 'weir-trace': '1' } })),
    );
    const old = [fakeConnection(), fakeConnection(), fakeConnection()];
    for (const other of old) await swap([member, fakeMember({ name: 'books', sdl: BOOKS_SDL, connection: other })]);
    await settle();
    expect(old.map(({ closes }) => closes)).toEqual([1, 1, 0]);
    expect(connection.streams).toHaveLength(50);
    for (const stream of connection.open) stream.answer({ text: 'x' });
    for (const answers of all) {
      expect(await answers.next()).toMatchObject({ extensions: { weir: { graphVersion: graph.current.number } } });
      await answers.return();
    }
  });
});

describe('the end', () => {
  test('a key that opens nothing any more ends it before the next event is executed', async () => {
    const connection = streamingConnection();
    const { subscribe } = await subscriptionHarness([reviewsMember({ connection })]);
    let known = true;
    const answers = await subscribe(CHANGED, {
      check: async () => {
        if (!known) throw new WeirError('UNAUTHENTICATED', 'The key is not valid.');
      },
    });
    only(connection).answer({ text: 'one' });
    expect(await answers.next()).toEqual({ data: { reviewsChanged: { text: 'one' } } });
    known = false;
    only(connection).answer({ text: 'two' });
    expect(await answers.next()).toMatchObject({ data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await answers.next()).toBeUndefined();
    expect(connection.open).toEqual([]);
  });

  test('a change of what a caller may do is looked at when it comes', async () => {
    const connection = streamingConnection();
    const { subscribe, subscriptions } = await subscriptionHarness([reviewsMember({ connection })]);
    const check = async (): Promise<void> => {
      throw new WeirError('UNAUTHENTICATED', 'The key is not valid.');
    };
    const answers = await subscribe(CHANGED, { check });
    await subscriptions.recheck('somebody else');
    expect(connection.open).toHaveLength(1);
    await subscriptions.recheck('anonymous');
    expect(connection.open).toEqual([]);
    expect(await answers.next()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  test('of the gateway ends all, and no new one begins', async () => {
    const connection = streamingConnection();
    const { subscribe, subscriptions } = await subscriptionHarness([reviewsMember({ connection })]);
    const answers = await subscribe(CHANGED);
    const next = answers.next();
    subscriptions.end();
    expect(await next).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_ENDED' } }] });
    expect(await answers.next()).toBeUndefined();
    await expect(subscribe(CHANGED)).rejects.toMatchObject({
      result: { errors: [{ extensions: { code: 'SUBSCRIPTION_ENDED' } }] },
    });
    expect(subscriptions.size).toBe(0);
  });
});

describe('a subscriber who does not read', () => {
  test('is ended when too many events wait and it reads none for a second; others are not touched', async () => {
    const connection = streamingConnection();
    const { subscribe, clock } = await subscriptionHarness([reviewsMember({ connection })], { queuedEvents: 3 });
    const [slow, quick] = [await subscribe(CHANGED), await subscribe(CHANGED)];
    for (let i = 0; i < 5; i++) {
      for (const stream of connection.open) stream.answer({ text: String(i) });
      expect(await quick.next()).toEqual({ data: { reviewsChanged: { text: String(i) } } });
    }
    await clock.advance(999);
    expect(connection.open).toHaveLength(2);
    await clock.advance(1);
    expect(connection.open).toHaveLength(1);
    expect(await slow.next()).toMatchObject({ data: null, errors: [{ extensions: { code: 'SUBSCRIBER_TOO_SLOW' } }] });
    expect(await slow.next()).toBeUndefined();
    expect(clock.pending).toBe(0);
    await quick.return();
  });

  test('is ended when they are too large; the first may be of any size', async () => {
    const connection = streamingConnection();
    const { subscribe, clock } = await subscriptionHarness([reviewsMember({ connection })], { queuedBytes: 3000 });
    const answers = await subscribe(CHANGED);
    only(connection).answer({ text: 'x'.repeat(10_000) });
    only(connection).answer({ text: 'x'.repeat(2_000) });
    await clock.advance(5_000);
    expect(connection.open).toHaveLength(1);
    only(connection).answer({ text: 'x'.repeat(1_000) });
    await clock.advance(5_000);
    expect(connection.open).toEqual([]);
    expect(await answers.next()).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIBER_TOO_SLOW' } }] });
  });

  test('but who reads on gets all of a burst, however large', async () => {
    const connection = streamingConnection();
    const { subscribe, clock } = await subscriptionHarness([reviewsMember({ connection })], { queuedEvents: 3 });
    const answers = await subscribe(CHANGED);
    for (let i = 0; i < 50; i++) only(connection).answer({ text: String(i) });
    only(connection).complete();
    for (let i = 0; i < 50; i++) {
      await clock.advance(900);
      expect(await answers.next()).toEqual({ data: { reviewsChanged: { text: String(i) } } });
    }
    expect(await answers.next()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  test('and leaves while an answer waits for room, leaves nothing behind', async () => {
    const connection = streamingConnection();
    const { subscribe, clock } = await subscriptionHarness([reviewsMember({ connection })], { queuedEvents: 1 });
    const answers = await subscribe(CHANGED);
    for (const text of ['a', 'b', 'c']) only(connection).answer({ text });
    await settle();
    expect(clock.pending).toBe(1);
    await answers.return();
    expect(clock.pending).toBe(0);
    expect(connection.open).toEqual([]);
  });

  test('holds no version', async () => {
    const connection = streamingConnection();
    const { subscribe, swap, clock } = await subscriptionHarness([reviewsMember({ connection })], { queuedEvents: 1 });
    const answers = await subscribe(CHANGED);
    for (const text of ['a', 'b']) only(connection).answer({ text });
    await clock.advance(1000);
    await swap([]);
    await settle();
    expect(connection.closed).toBe(true);
    expect(await answers.next()).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIBER_TOO_SLOW' } }] });
  });
});
