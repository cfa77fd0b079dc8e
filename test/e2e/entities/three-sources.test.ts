import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Cinema, FILMS, grossOf, starsOf, startCinema, titleOf } from './support/cinema.ts';

describe('one entity of an Apollo Server, a Yoga and a REST API', () => {
  let cinema: Cinema;

  beforeAll(async () => {
    cinema = await startCinema();
  });
  beforeEach(() => cinema.forget());
  afterAll(() => cinema.close());

  const ask = async (query: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await cinema.gateway.query(query, variables);
    expect(errors).toEqual([]);
    return data;
  };
  const calls = () => ({
    catalogue: cinema.catalogue.take().length,
    opinions: cinema.opinions.take().length,
    charts: cinema.charts.take(),
  });
  const whole = (id: string) => ({ title: titleOf(id), stars: starsOf(id), gross: grossOf(id) });

  test('one object, from each of the three', async () => {
    const data = await ask(`{
      catalogue { film(id: "3") { ...F } }
      opinions { top(first: 1) { ...F } }
      charts { listFilms(limit: 1) { ...F } }
    } fragment F on Film { title stars gross }`);
    expect(data).toEqual({
      catalogue: { film: whole('3') },
      opinions: { top: [whole('1')] },
      charts: { listFilms: [whole('1')] },
    });
  });

  test('a list from each: one call to each of the others', async () => {
    for (const [query, own] of [
      ['catalogue { newest(first: 20)', 'catalogue'],
      ['opinions { top(first: 20)', 'opinions'],
      ['charts { listFilms(limit: 20)', 'charts'],
    ] as const) {
      const data = await ask(`{ ${query} { title stars gross } } }`);
      const [items] = Object.values(data[own]);
      expect(items).toEqual(Array.from({ length: 20 }, (_, index) => whole(String(index + 1))));
      const { catalogue, opinions, charts } = calls();
      expect([catalogue, opinions, charts.length]).toEqual([1, 1, 1]);
    }
  });

  test('lists in lists, and objects below objects of another source: one call a level', async () => {
    const data = await ask(`{
      charts { listWeeks { number entries { rank film { title sequels { gross title stars } } } } }
      opinions { weeks { title gross } }
    }`);
    const first = { title: 'Film 1', sequels: [{ gross: 2000, title: 'Film 2', stars: 2 }] };
    const third = { title: 'Film 3', sequels: [{ gross: 4000, title: 'Film 4', stars: 4 }] };
    expect(data.charts.listWeeks).toEqual([
      {
        number: 1,
        entries: [
          { rank: 1, film: first },
          { rank: 2, film: third },
        ],
      },
      { number: 2, entries: [] },
      { number: 3, entries: [{ rank: 1, film: first }] },
    ]);
    const unknown = { title: null, gross: null };
    expect(data.opinions.weeks).toEqual([
      [
        { title: 'Film 1', gross: 1000 },
        { title: 'Film 2', gross: 2000 },
      ],
      null,
      [],
      [{ title: 'Film 2', gross: 2000 }, null, unknown],
    ]);
  });

  test('fields of interfaces, unions, and conditions on interfaces of other sources', async () => {
    const data = await ask(`{
      catalogue {
        hits { __typename ... on Film { gross ...R } ... on CatalogueSong { title from { stars } } ... on CataloguePerson { name films { gross } } }
        titled { title ... on Film { stars } ...R ... on CatalogueSong { from { gross } } }
      }
      opinions { rated { id stars ...T ... on OpinionsPost { about { ...T ...R } } } }
    }
    fragment T on CatalogueTitled { title }
    fragment R on OpinionsRated { stars }`);
    expect(data).toEqual({
      catalogue: {
        hits: [
          { __typename: 'Film', gross: 1000, stars: 1 },
          { __typename: 'CataloguePerson', name: 'Person p1', films: [{ gross: 1000 }, { gross: 2000 }] },
          { __typename: 'CatalogueSong', title: 'As Time Goes By', from: { stars: 2 } },
        ],
        titled: [
          { title: 'Film 3', stars: 3 },
          { title: 'Moon River', from: { gross: 4000 } },
        ],
      },
      opinions: {
        rated: [
          { id: '5', stars: 0, title: 'Film 5' },
          { id: 'x', stars: 1, about: [{ title: 'Film 6', stars: 1 }] },
        ],
      },
    });
  });

  test('aliases with different arguments are one call', async () => {
    const data = await ask(
      `query ($ten: Int) { charts { listFilms(limit: 2) { five: stars ten: stars(scale: $ten) hundred: stars(scale: 100) title: gross gross: title } } }`,
      { ten: 10 },
    );
    expect(data.charts.listFilms).toEqual([
      { five: 1, ten: 2, hundred: 20, title: 1000, gross: 'Film 1' },
      { five: 2, ten: 4, hundred: 40, title: 2000, gross: 'Film 2' },
    ]);
    expect(calls()).toMatchObject({ catalogue: 1, opinions: 1 });
  });

  test('the type name alone is no call, nor are fields that are left out', async () => {
    const data = await ask(
      'query ($no: Boolean = false) { charts { listFilms(limit: 1) { __typename title @include(if: $no) stars @skip(if: true) } } }',
    );
    expect(data.charts.listFilms).toEqual([{ __typename: 'Film' }]);
    expect(calls()).toMatchObject({ catalogue: 0, opinions: 0 });
  });

  test('nulls, keys that are null, that come twice, and that nobody knows', async () => {
    const data = await ask('{ opinions { odd { id title gross } } }');
    const known = { id: '1', title: 'Film 1', gross: 1000 };
    expect(data.opinions.odd).toEqual([
      known,
      null,
      known,
      { id: null, title: null, gross: null },
      known,
      { id: '999999', title: null, gross: null },
    ]);
    expect(calls()).toEqual({ catalogue: 1, opinions: 1, charts: ['GET /films?ids=1&ids=999999'] });
  });

  test('computed of what a third source has', async () => {
    const data = await ask(
      '{ catalogue { films(ids: ["2", "13", "5"]) { worth title } } opinions { top(first: 1) { worth } } }',
    );
    // Nobody knows what 13 made.
    expect(data).toEqual({
      catalogue: {
        films: [
          { worth: 'little', title: 'Film 2' },
          { worth: null, title: 'Film 13' },
          { worth: 'much', title: 'Film 5' },
        ],
      },
      opinions: { top: [{ worth: 'little' }] },
    });
  });

  test('a thousand objects are as many calls as the bulk forms want', async () => {
    const data = await ask('{ catalogue { newest(first: 1000) { gross stars } } }');
    expect(data.catalogue.newest).toEqual(
      Array.from({ length: FILMS }, (_, index) => {
        const { gross, stars } = whole(String(index + 1));
        return { gross, stars };
      }),
    );
    const { catalogue, charts } = calls();
    expect(catalogue).toBe(1);
    expect(charts).toHaveLength(3);
    const dear = await cinema.gateway.query('{ catalogue { newest(first: 3000) { gross stars } } }');
    expect(dear.errors[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_COMPLEX', limit: 'cost', found: 63_011 });
  });

  test('answers of mutations, in order', async () => {
    const data = await ask(`mutation {
      catalogue { rename(id: "4", title: "New") { title stars gross } }
      opinions { rate(id: "5", stars: 5) { title gross worth } post(text: "Hm.") { text about { title gross } } }
      charts { buyTicket(id: "6") { title stars screens } }
    }`);
    expect(data).toEqual({
      catalogue: { rename: { title: 'New', stars: 4, gross: 4000 } },
      opinions: {
        rate: { title: 'Film 5', gross: 5000, worth: 'much' },
        post: { text: 'Hm.', about: [{ title: 'Film 9', gross: 9000 }] },
      },
      charts: { buyTicket: { title: 'Film 6', stars: 1, screens: ['Odeon 6'] } },
    });
  });

  test('a source that is down takes its fields alone, and what is computed of them', async () => {
    cinema.chartsDown = true;
    const { data, errors, extensions } = await cinema.gateway.query(
      '{ catalogue { newest(first: 2) { title stars gross worth } } charts { listFilms(limit: 17) { title } } }',
    );
    cinema.chartsDown = false;
    expect(data.catalogue.newest).toEqual([
      { title: 'Film 1', stars: 1, gross: null, worth: null },
      { title: 'Film 2', stars: 2, gross: null, worth: null },
    ]);
    expect(data.charts.listFilms).toBeNull();
    expect(
      errors.map(({ path, extensions: { code, source } }) => `${path?.join('.')} ${code} ${source}`).sort(),
    ).toEqual([
      'catalogue.newest.0.gross UPSTREAM_ERROR charts',
      'catalogue.newest.0.worth UPSTREAM_ERROR charts',
      'catalogue.newest.1.gross UPSTREAM_ERROR charts',
      'catalogue.newest.1.worth UPSTREAM_ERROR charts',
      'charts.listFilms UPSTREAM_ERROR charts',
    ]);
    expect(
      extensions.weir.sources.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]),
    ).toEqual([['charts', 'FAILED']]);
  });
});
