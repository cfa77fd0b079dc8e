/** One document: registered, published, and every operation called through the gateway. */
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { systemClock } from '../../dist/runtime/index.js';
import { restKind } from '../../dist/sources/rest/index.js';
import { must, PUBLISH, REGISTER, REVISE, send } from '../figures/gateway-process.mjs';
import { argumentsOf } from './arguments.mjs';
import { startMock } from './mock.mjs';
import { selectionOf } from './select.mjs';

const SDL = 'query ($name: ID!) { source(name: $name) { live { sdl } } }';

/** `read` would ask the network whether endpoints may be reached; here it reads the document and nothing else. */
const services = {
  clock: systemClock,
  signal: new AbortController().signal,
  http: { request: () => Promise.reject(new Error('no network')), connect: () => Promise.resolve() },
};

export async function roundTrip(gateway, source, { name, file }) {
  const text = readFileSync(file, 'utf8');
  const endpoints = [{ url: 'http://127.0.0.1:9' }];
  const definition = await restKind.read({ document: text, endpoints }, source, services);
  const described = await restKind.describe(definition, source);
  const prefixes = [...described.operations.values()]
    .flatMap(({ servers }) => servers.map(pathOf))
    .filter((one) => one !== '');
  const mock = await startMock(file, [...new Set(prefixes)]);
  try {
    const rest = { document: text, endpoints: [{ url: mock.url }], ...credentials(definition.document) };
    // The mock may take its time, and is no less well for it.
    const policy = { attemptTimeoutMs: 9000, deadlineMs: 9500 };
    await must(gateway, REGISTER, { input: { name: source, visibility: 'PUBLIC', rest, policy } });
    await must(gateway, PUBLISH, { name: source });
    const { live } = (await must(gateway, SDL, { name: source })).source;
    const schema = buildSchema(live.sdl, { assumeValidSDL: true });
    const calls = [];
    /** A source has one credential of its own; operations that need another are called again with that. */
    const withOtherCredentials = async () => {
      for (const auth of otherCredentials(definition.document)) {
        const refused = calls.filter(({ kind }) => kind === 'UNAUTHORIZED');
        if (refused.length === 0) return;
        const other = { document: text, endpoints: [{ url: mock.url }], auth };
        await must(gateway, REVISE, { input: { name: source, rest: other } });
        await must(gateway, PUBLISH, { name: source });
        for (const one of refused) {
          const operation = described.operations.get(one.operation);
          const root = operation.kind === 'query' ? schema.getQueryType() : schema.getMutationType();
          const { given, wire } = argumentsOf(definition.document, operation, one.all);
          const field = root.getFields()[operation.field];
          Object.assign(one, { kind: undefined }, await call(gateway, source, operation, field, given, wire, mock));
        }
      }
    };
    for (const operation of described.operations.values()) {
      const root = operation.kind === 'query' ? schema.getQueryType() : schema.getMutationType();
      const field = root.getFields()[operation.field];
      const asked = new Set();
      for (const all of [false, true]) {
        const { given, wire } = argumentsOf(definition.document, operation, all);
        // The same arguments once: an operation may have no optional ones.
        const key = JSON.stringify(given);
        if (asked.has(key)) continue;
        asked.add(key);
        calls.push({
          operation: operation.name,
          all,
          ...(await call(gateway, source, operation, field, given, wire, mock)),
        });
      }
    }
    await withOtherCredentials();
    return { name, version: definition.originalVersion, operations: described.operations.size, calls };
  } finally {
    await mock.close();
  }
}

async function call(gateway, source, operation, field, given, wire, mock) {
  const used = field.args.filter((arg) => given[arg.name] !== undefined);
  const variables = used.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = used.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const query = `${operation.kind}${variables && `(${variables})`} { ${source} { answer: ${operation.field}${passed && `(${passed})`} ${selectionOf(field.type)} } }`;
  const values = Object.fromEntries(used.map((arg) => [arg.name, given[arg.name]]));
  mock.taken();
  const answer = await send(gateway, query, values);
  const exchanges = mock.taken();
  const last = exchanges.at(-1);
  const errors = (answer.errors ?? []).map(({ message, path, extensions }) => ({
    message,
    path: path?.slice(2),
    ...extensions,
  }));
  return { ...verdict(operation, wire, last, errors, answer), query, values, exchange: last };
}

const REJECTED = new Set([
  'UNPROCESSABLE_ENTITY',
  'NO_PATH_MATCHED_ERROR',
  'NO_METHOD_MATCHED_ERROR',
  'NO_SERVER_MATCHED_ERROR',
  'NO_SERVER_CONFIGURATION_PROVIDED_ERROR',
  'UNSUPPORTED_MEDIA_TYPE',
  'NOT_ACCEPTABLE',
  'INVALID_CONTENT_TYPE',
]);

/** Answers that were looked at one by one, and are rightly told as drift. */
const KNOWN = [
  {
    url: '/linkedServers',
    why: "the document's example is a list where its schema has properties of an object but no `type`, so that a validator lets it pass",
  },
];

/** What came of it. */
function verdict(operation, wire, last, errors, answer) {
  if (last === undefined)
    return { outcome: 'not sent', detail: errors[0]?.message ?? JSON.stringify(answer).slice(0, 300) };
  const { problem, status } = last;
  if (problem !== undefined) {
    const detail = [problem.title, problem.detail, JSON.stringify(problem.validation)]
      .filter(Boolean)
      .join(' ')
      .slice(0, 600);
    if (REJECTED.has(problem.kind))
      return { outcome: 'rejected', why: whyRejected(operation, wire, last), kind: problem.kind, detail };
    if (problem.kind === 'UNAUTHORIZED')
      return {
        outcome: 'refused',
        why: 'it needs several credentials at once, or one that a source cannot have',
        kind: problem.kind,
        detail,
      };
    return { outcome: 'unanswered', why: whyUnanswered(problem), kind: problem.kind, detail };
  }
  if (status < 200 || status > 299) {
    const told =
      errors.length > 0 && errors.every(({ code }) => code === 'UPSTREAM_REJECTED' || code === 'UPSTREAM_ERROR');
    const detail = `status ${status}; ${JSON.stringify(errors).slice(0, 300)}`;
    const moved = status < 400;
    return told || moved
      ? {
          outcome: 'no success',
          why: 'the document has no response of success; the mock gives the one it has, which is told as an error',
          detail,
        }
      : { outcome: 'wrong', detail };
  }
  if (errors.length > 0) {
    const why = KNOWN.find((one) => last.url.includes(one.url))?.why;
    return { outcome: why === undefined ? 'wrong' : 'drift told', why, detail: JSON.stringify(errors).slice(0, 600) };
  }
  return { outcome: 'as described' };
}

/** Whose fault a rejection is, where that can be told: what is not known here counts against the gateway. */
function whyRejected(operation, wire, { sent, problem }) {
  const { body, path } = operation;
  if (path.includes('#'))
    return 'its path differs from others only after a #, which no client sends and Prism asks for';
  const objects = operation.parameters.some(
    (one) => one.in === 'query' && one.shape.kind === 'list' && isOpen(one.shape.item),
  );
  if (objects && problem.validation?.every(({ location }) => location[0] === 'query')) {
    return 'a list of objects in a query: OpenAPI does not say how, and Prism takes none';
  }
  const about = (problem.validation ?? []).map(({ location }) => location[0]);
  if (about.length === 0 || !about.every((place) => place === 'body')) return undefined;
  if (body?.encoding === 'json') {
    return same(sent, wire)
      ? 'the body arrived exactly as it was made from the document; what was made fits several members of a `oneOf`, or contradictory schemas, or a pattern that was not met'
      : undefined;
  }
  const places = problem.validation.every(({ message }) =>
    /must be (array|object|integer|number|boolean)|Reserved characters/.test(message),
  );
  if (body?.encoding === 'binary' || body?.encoding === 'text') {
    return `${body.mediaType} is bytes or text to Weir; the bytes made up here are no object, as Prism wants of it`;
  }
  if (body?.encoding === 'form' && problem.validation.every(({ message }) => /must be array/.test(message))) {
    return 'Prism reads a list in a form only where the document spells out its encoding, though there is a default';
  }
  if (body?.encoding === 'multipart' && places)
    return 'to Prism every part of a multipart body is one text: no lists, no JSON, no numbers';
  return undefined;
}

/** An object, or anything at all. */
function isOpen(shape) {
  return shape.kind === 'object' || shape.kind === 'map' || (shape.kind === 'scalar' && shape.type === 'json');
}

function same(text, value) {
  try {
    return JSON.stringify(sorted(JSON.parse(text))) === JSON.stringify(sorted(value));
  } catch {
    return false;
  }
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function whyUnanswered({ kind, detail = '' }) {
  if (kind.startsWith('NO_RESPONSE_')) return 'the document has no response at all';
  if (kind === 'VIOLATIONS') return 'the mock answers what does not fit the document, by its own word';
  if (kind === 'CRASH')
    return `Prism fails: ${/(deserialize\w+|delimited style is only applicable to array)/.exec(detail)?.[0] ?? detail.slice(0, 80)}`;
  return `Prism has no answer: ${kind}`;
}

function pathOf(url) {
  try {
    return new URL(url, 'http://example.com').pathname.replace(/\/$/, '');
  } catch {
    return '';
  }
}

/** A credential for every scheme that one can be given for: one as the source's own, the others as headers. */
function credentials(document) {
  const schemes = Object.values(document.components?.securitySchemes ?? {});
  const headers = [];
  let auth;
  for (const scheme of schemes) {
    const { type, in: place, name } = scheme;
    if (type === 'apiKey' && place === 'header') headers.push({ name, value: 'secret' });
    else if (type === 'apiKey') auth ??= { apiKey: { name, in: place.toUpperCase(), value: 'secret' } };
    else if (type === 'http' && scheme.scheme?.toLowerCase() === 'basic') {
      headers.push({ name: 'Authorization', value: `Basic ${Buffer.from('user:secret').toString('base64')}` });
    } else headers.push({ name: 'Authorization', value: 'Bearer secret' });
  }
  const byName = new Map(headers.map((header) => [header.name.toLowerCase(), header]));
  return { ...(auth === undefined ? {} : { auth }), headers: [...byName.values()] };
}

/** Each scheme that is a source's own credential, one after another. */
function otherCredentials(document) {
  return Object.values(document.components?.securitySchemes ?? {}).map(({ type, in: place, name, scheme }) => {
    if (type === 'apiKey') return { apiKey: { name, in: place.toUpperCase(), value: 'secret' } };
    if (type === 'http' && scheme?.toLowerCase() === 'basic')
      return { basic: { username: 'user', password: 'secret' } };
    return { bearer: { token: 'secret' } };
  });
}
