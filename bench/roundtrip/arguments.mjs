/** Arguments of an operation: values that fit the document, in the form the graph gives them. */
import { sample } from './sample.mjs';

/** By argument name, and the body as it is to arrive. `all`: optional ones too. */
export function argumentsOf(document, operation, all) {
  const raw = findOperation(document, operation);
  const given = {};
  for (const plan of operation.parameters) {
    if (!plan.required && !all) continue;
    const parameter = raw.parameters.find((one) => one.name === plan.name && one.in === plan.in);
    const schema = parameter?.schema ?? Object.values(parameter?.content ?? {})[0]?.schema;
    // A part of a path must not be empty.
    const value = sample(document, schema ?? true, all || plan.in === 'path');
    if (value !== undefined) given[plan.argument] = toGraph(plan.shape, value);
  }
  let wire;
  const { body } = operation;
  if (body !== undefined && (body.required || all)) {
    const schema = raw.content?.[body.mediaType]?.schema ?? Object.values(raw.content ?? {})[0]?.schema;
    const value = sample(document, schema ?? true, all);
    wire = value;
    const plain = { binary: 'aGVsbG8=', text: 'text' }[body.encoding];
    given[body.argument] = plain ?? toGraph(body.shape, value ?? {});
  }
  return { given, wire };
}

function findOperation(document, { method, path }) {
  const item = follow(document, document.paths[path]);
  const own = item[method.toLowerCase()];
  const parameters = new Map();
  for (const given of [...(item.parameters ?? []), ...(own.parameters ?? [])]) {
    const parameter = follow(document, given);
    if (parameter !== undefined) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return { parameters: [...parameters.values()], content: follow(document, own.requestBody)?.content };
}

function follow(document, value) {
  let found = value;
  for (let step = 0; step < 20 && typeof found?.$ref === 'string'; step++) {
    found = found.$ref
      .slice(2)
      .split('/')
      .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce((holder, key) => holder?.[key], document);
  }
  return found;
}

/** A value on the wire as an argument. */
function toGraph(shape, value) {
  if (value === null || value === undefined) return value;
  switch (shape.kind) {
    case 'enum':
      return shape.toGraphQL.get(JSON.stringify(value)) ?? value;
    case 'list':
      return (Array.isArray(value) ? value : [value]).map((item) => toGraph(shape.item, item));
    case 'map':
      return Object.entries(value).map(([key, item]) => ({ key, value: toGraph(shape.value, item) }));
    case 'object': {
      if (typeof value !== 'object') return value;
      const made = {};
      for (const { field, property, shape: inner } of shape.fields) {
        if (Object.hasOwn(value, property)) made[field] = toGraph(inner, value[property]);
      }
      return made;
    }
    case 'box':
      return { value: toGraph(shape.value, value) };
    case 'scalar':
      // A date without milliseconds, say: how the graph writes it is its own business.
      return value;
    default:
      return value;
  }
}
