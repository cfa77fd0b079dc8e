import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fault, type FaultServer, type ReceivedRequest, startFaultServer } from '../support/fault-server.ts';
import { type Answer, startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** The Train Travel API: OpenAPI 3.1 with allOf, anyOf, enums, dates, hypermedia links and OAuth 2. */
const document = readFileSync(
  new URL('../../node_modules/@readme/oas-examples/3.1/json/train-travel.json', import.meta.url),
  'utf8',
);
const TRACE = { 'weir-trace': '1' };
const TOKEN = 'token-of-the-railway';
const BERLIN = 'efdbb9d1-02c2-4bc3-afb7-6788d8782b1e';
const PARIS = 'b2e783e1-c824-4d63-b37a-d8d698862f1d';
const BOOKING = '3f3e3e10-c824-4d63-b37a-d8d698862f1d';

let weir: TestGateway;
let primary: FaultServer;
let backup: FaultServer;

const json = (body: object, status = 200): Fault => ({ kind: 'answer', status, body });

/** Plausible answers, as the document describes them. */
function railway(request: ReceivedRequest): Fault {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return json({ title: 'Unauthorized', status: 401 }, 401);
  const url = new URL(request.path, 'http://railway');
  const given = request.method === 'POST' ? (JSON.parse(String(request.body)) as object) : {};
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /v1/stations':
      return json({
        data: [
          { id: BERLIN, name: 'Berlin Hauptbahnhof', address: 'Invalidenstraße', country_code: 'DE' },
          { id: PARIS, name: 'Paris Gare du Nord', address: '18 Rue de Dunkerque', country_code: 'FR' },
        ],
        links: { self: 'https://api.example.com/stations', next: 'https://api.example.com/stations?page=2' },
      });
    case 'GET /v1/trips':
      return json({
        data: [
          {
            id: PARIS,
            origin: url.searchParams.get('origin'),
            departure_time: url.searchParams.get('date'),
            price: 50,
            bicycles_allowed: url.searchParams.get('bicycles') === 'true',
          },
        ],
        links: {},
      });
    case 'POST /v1/bookings':
      return json({ ...given, id: BOOKING, links: { self: `https://api.example.com/bookings/${BOOKING}` } }, 201);
    case `POST /v1/bookings/${BOOKING}/payment`:
      return json({ ...given, id: PARIS, status: 'succeeded', links: {} });
    case `DELETE /v1/bookings/${BOOKING}`:
      return { kind: 'answer', status: 204, body: '' };
    default:
      return json({ title: 'Not Found', status: 404, detail: 'inner detail of the railway' }, 404);
  }
}

beforeAll(async () => {
  [weir, primary, backup] = await Promise.all([startTestGateway(), startFaultServer(), startFaultServer()]);
  for (const server of [primary, backup]) server.behave(railway);
});
afterAll(async () => {
  await Promise.all([weir.close(), primary.close(), backup.close()]);
});

const must = async (query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await weir.admin(query, variables);
  expect(errors).toEqual([]);
  return data;
};
const outcomes = (answer: Answer): string[] =>
  answer.extensions.weir.sources.map((source: { outcome: string }) => source.outcome);

const STATIONS = '{ trains { getStations { data { id name country_code } links { next } } } }';
const stations = {
  data: [
    { id: BERLIN, name: 'Berlin Hauptbahnhof', country_code: 'DE' },
    { id: PARIS, name: 'Paris Gare du Nord', country_code: 'FR' },
  ],
  links: { next: 'https://api.example.com/stations?page=2' },
};
const BOOKINGS = '{ trains { getBookings { data { id } } } }';

describe('a real document', () => {
  test('registers, tells what it could not represent, and passes the check', async () => {
    const { registerSource } = await must(
      `mutation ($input: RegisterSourceInput!) { registerSource(input: $input) {
        state revisions { warnings { kind path } } operations { name field } } }`,
      {
        input: {
          name: 'trains',
          visibility: 'PUBLIC',
          rest: {
            document,
            endpoints: [{ url: `${primary.url}/v1` }, { url: `${backup.url}/v1`, priority: 1 }],
            auth: { bearer: { token: TOKEN } },
            operations: [
              { operation: 'get-trips', policy: { cache: { ttlSeconds: 600 } } },
              { operation: 'get-bookings', policy: { fallback: { value: { data: [] } } } },
              { operation: 'get-booking', notFoundIsNull: true },
            ],
          },
          policy: { attemptTimeoutMs: 1000, deadlineMs: 3000 },
        },
      },
    );
    expect(registerSource.state).toBe('DRAFT');
    expect(registerSource.revisions[0].warnings).toEqual([
      { kind: 'INPUT_UNION', path: '/components/schemas/BookingPayment/properties/source' },
    ]);
    expect(registerSource.operations).toHaveLength(7);
    const { checkSource } = await must(
      'mutation { checkSource(name: "trains") { ok conflicts { path } probe { ok } } }',
    );
    expect(checkSource).toEqual({ ok: true, conflicts: [], probe: { ok: true } });
    await must('mutation { publishSource(name: "trains") { state } }');
  });

  test('answers: reads with typed arguments, writes with nested bodies, unions, and nothing', async () => {
    expect((await weir.query(STATIONS)).data.trains.getStations).toEqual(stations);
    const trips = await weir.query(
      'query ($from: UUID!, $to: UUID!, $on: DateTime!) { trains { getTrips(origin: $from, destination: $to, date: $on, bicycles: true) { data { origin departure_time price bicycles_allowed } } } }',
      { from: BERLIN, to: PARIS, on: '2030-02-01T10:00:00.000Z' },
    );
    expect(trips.errors).toEqual([]);
    expect(trips.data.trains.getTrips.data).toEqual([
      { origin: BERLIN, departure_time: '2030-02-01T10:00:00.000Z', price: 50, bicycles_allowed: true },
    ]);
    const written = await weir.query(
      `mutation ($card: JSON) { trains {
        createBooking(input: { trip_id: "${PARIS}", passenger_name: "Ada", has_dog: true }) { id passenger_name has_dog links { self } }
        createBookingPayment(bookingId: "${BOOKING}", input: { amount: 49.99, currency: eur, source: $card }) {
          status currency source { __typename ... on TrainsCreateBookingPaymentResponseSourceBankAccount { bank_name } } }
        deleteBooking(bookingId: "${BOOKING}")
      } }`,
      {
        card: {
          object: 'bank_account',
          name: 'Ada',
          number: '1',
          account_type: 'individual',
          bank_name: 'B',
          country: 'DE',
        },
      },
    );
    expect(written.errors).toEqual([]);
    expect(written.data.trains).toEqual({
      createBooking: {
        id: BOOKING,
        passenger_name: 'Ada',
        has_dog: true,
        links: { self: `https://api.example.com/bookings/${BOOKING}` },
      },
      createBookingPayment: {
        status: 'succeeded',
        currency: 'eur',
        source: { __typename: 'TrainsCreateBookingPaymentResponseSourceBankAccount', bank_name: 'B' },
      },
      deleteBooking: true,
    });
    const nothing = await weir.query(
      `{ trains { getBooking(bookingId: "${BERLIN}") { id } getBookings { data { id } } } }`,
    );
    expect(nothing.data.trains.getBooking).toBeNull();
    expect(nothing.errors).toMatchObject([
      { path: ['trains', 'getBookings'], extensions: { code: 'UPSTREAM_REJECTED', status: 404 } },
    ]);
    expect(JSON.stringify(nothing)).not.toContain('inner detail');
  });

  test('refuses arguments that its types exclude before anything is called', async () => {
    const before = primary.requests.length;
    const answer = await weir.query('{ trains { getBooking(bookingId: "seven") { id } } }');
    expect(answer.status).toBe(400);
    expect(primary.requests.length).toBe(before);
  });
});

describe('each rung of the ladder, over HTTP', () => {
  const trips = `{ trains { getTrips(origin: "${BERLIN}", destination: "${PARIS}", date: "2031-01-01T00:00:00Z") { data { price } } } }`;
  const ask = (query: string) => weir.query(query, {}, TRACE);

  test('FRESH, then CACHED', async () => {
    expect(outcomes(await ask(trips))).toEqual(['FRESH']);
    const calls = primary.requests.length;
    expect(outcomes(await ask(trips))).toEqual(['CACHED']);
    expect(primary.requests.length).toBe(calls);
  });

  test('BACKUP when the primary is lost', async () => {
    primary.behave({ kind: 'reset' });
    const answer = await ask(STATIONS);
    expect(answer.data.trains.getStations).toEqual(stations);
    expect(outcomes(answer)).toEqual(['BACKUP']);
  });

  test('STALE when both are lost; FALLBACK where one is declared; FAILED where nothing is', async () => {
    backup.behave({ kind: 'reset' });
    const answer = await ask(STATIONS);
    expect(answer.errors).toEqual([]);
    expect(answer.data.trains.getStations).toEqual(stations);
    expect(outcomes(answer)).toEqual(['STALE']);

    const declared = await ask(BOOKINGS);
    expect(declared.errors).toEqual([]);
    expect(declared.data.trains.getBookings).toEqual({ data: [] });
    expect(outcomes(declared)).toEqual(['FALLBACK']);

    const failed = await ask(`{ trains { getBooking(bookingId: "${PARIS}") { id } } }`);
    expect(failed.data.trains.getBooking).toBeNull();
    expect(failed.errors).toMatchObject([{ extensions: { code: 'NO_HEALTHY_UPSTREAM', retryable: true } }]);
    expect(outcomes(failed)).toEqual(['FAILED']);
    expect(JSON.stringify([answer, declared, failed])).not.toMatch(/127\.0\.0\.1|railway/);
  });

  test('after a restart it is there, falls back at once, and answers when the upstream is back', async () => {
    const sdl = (await must('{ graph { sdl } }')).graph.sdl;
    weir = await weir.restart();
    expect((await must('{ graph { sdl } }')).graph.sdl).toBe(sdl);
    expect(outcomes(await ask(BOOKINGS))).toEqual(['FALLBACK']);
    for (const server of [primary, backup]) server.behave(railway);
    weir = await weir.restart();
    const answer = await ask(STATIONS);
    expect(answer.data.trains.getStations).toEqual(stations);
    expect(outcomes(answer)).toEqual(['FRESH']);
  });
});
