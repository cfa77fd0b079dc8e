/** Exchange rates of one fixed day. `openapi.json` beside this file describes it. */
import { readFileSync } from 'node:fs';
import { HttpProblem, portFromArguments, serve } from '../shared/http.mjs';

const DATE = '2026-01-02';
/** Units of each currency for one euro; made up, of a likely size. */
const PER_EURO = { EUR: 1, USD: 1.17, GBP: 0.87, CHF: 0.93, JPY: 183.2, SEK: 10.9 };

const currency = (code) => {
  const rate = PER_EURO[code];
  if (rate === undefined) throw new HttpProblem(404, 'Not found', `There is no rate for ${code}.`);
  return rate;
};

const round = (value) => Math.round(value * 10_000) / 10_000;

serve(
  {
    'GET /openapi.json': () => ({ body: readFileSync(new URL('./openapi.json', import.meta.url), 'utf8') }),
    'GET /health': () => ({ body: { status: 'ok' } }),
    'GET /rates/{base}': ({ params }) => {
      const base = currency(params.base);
      const rates = Object.fromEntries(Object.entries(PER_EURO).map(([code, rate]) => [code, round(rate / base)]));
      return { body: { base: params.base, date: DATE, rates } };
    },
    'GET /convert': ({ query }) => {
      const from = query.get('from');
      const to = query.get('to');
      const amount = Number(query.get('amount'));
      const rate = round(currency(to) / currency(from));
      return { body: { from, to, amount, rate, result: round(amount * rate), date: DATE } };
    },
  },
  { port: portFromArguments() },
);
