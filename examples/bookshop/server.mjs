/** The bookshop: a REST API like many a company has. `openapi.yaml` beside this file describes it. */
import { readFileSync } from 'node:fs';
import { HttpProblem, portFromArguments, serve } from '../shared/http.mjs';
import { authors, books } from './data.mjs';

const orders = new Map();
let nextOrder = 1;
let nextBook = Math.max(...books.keys()) + 1;

const find = (table, id, what) => {
  const found = table.get(Number(id));
  if (found === undefined) throw new HttpProblem(404, 'Not found', `There is no ${what} ${id}.`);
  return found;
};

const positive = (value, fallback, max) => {
  const number = value === null ? fallback : Number(value);
  if (!Number.isInteger(number) || number < 1 || number > max) {
    throw new HttpProblem(400, 'Bad request', `Expected a whole number from 1 to ${max}, got ${value}.`);
  }
  return number;
};

serve(
  {
    'GET /openapi.yaml': () => ({
      headers: { 'content-type': 'application/yaml' },
      body: readFileSync(new URL('./openapi.yaml', import.meta.url), 'utf8'),
    }),
    'GET /health': () => ({ body: { status: 'ok' } }),
    'GET /books': ({ query }) => {
      const page = positive(query.get('page'), 1, 1000);
      const pageSize = positive(query.get('pageSize'), 10, 100);
      const ids = query.get('ids')?.split(',').map(Number);
      const genre = query.get('genre');
      const authorId = query.get('authorId');
      const all = [...books.values()].filter(
        (book) =>
          (ids === undefined || ids.includes(book.id)) &&
          (genre === null || book.genre === genre) &&
          (authorId === null || book.authorId === Number(authorId)),
      );
      const items = all.slice((page - 1) * pageSize, page * pageSize);
      return { body: { items, page, pageSize, total: all.length } };
    },
    'POST /books': ({ body }) => {
      if (typeof body?.title !== 'string' || !authors.has(body.authorId)) {
        throw new HttpProblem(422, 'Unprocessable', 'A book needs a title and a known authorId.');
      }
      const book = { stock: 0, isbn: null, translations: {}, ...body, id: nextBook++ };
      books.set(book.id, book);
      return { status: 201, body: book };
    },
    'GET /books/{bookId}': ({ params }) => ({
      headers: { 'cache-control': 'max-age=5' },
      body: find(books, params.bookId, 'book'),
    }),
    'PATCH /books/{bookId}': ({ params, body }) => {
      const book = Object.assign(find(books, params.bookId, 'book'), body, { id: Number(params.bookId) });
      return { body: book };
    },
    'DELETE /books/{bookId}': ({ params }) => {
      find(books, params.bookId, 'book');
      books.delete(Number(params.bookId));
      return { status: 204 };
    },
    'GET /authors': ({ query }) => {
      const ids = query.get('ids')?.split(',').map(Number);
      return { body: [...authors.values()].filter(({ id }) => ids === undefined || ids.includes(id)) };
    },
    'GET /authors/{authorId}': ({ params }) => ({ body: find(authors, params.authorId, 'author') }),
    'POST /orders': ({ body }) => {
      if (!Array.isArray(body?.lines) || body.lines.length === 0) {
        throw new HttpProblem(422, 'Unprocessable', 'An order needs at least one line.');
      }
      let totalEur = 0;
      for (const { bookId, quantity } of body.lines) {
        const book = find(books, bookId, 'book');
        if (book.stock < quantity)
          throw new HttpProblem(409, 'Conflict', `Only ${book.stock} of "${book.title}" left.`);
        totalEur += book.priceEur * quantity;
      }
      for (const { bookId, quantity } of body.lines) books.get(bookId).stock -= quantity;
      const order = {
        id: nextOrder++,
        customer: body.customer,
        lines: body.lines,
        status: 'placed',
        totalEur: Math.round(totalEur * 100) / 100,
        placedAt: new Date().toISOString(),
      };
      orders.set(order.id, order);
      return { status: 201, body: order };
    },
    'GET /orders/{orderId}': ({ params }) => ({ body: find(orders, params.orderId, 'order') }),
  },
  { port: portFromArguments() },
);
