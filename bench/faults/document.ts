/** The API that all upstreams of the faults offer: things by id, and a way to make one. */
export const THINGS_DOCUMENT = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'things', version: '1' },
  paths: {
    '/things/{id}': {
      get: {
        operationId: 'getThing',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'ok', content: { 'application/json': { schema: thing() } } } },
      },
    },
    '/things': {
      post: {
        operationId: 'makeThing',
        responses: { 200: { description: 'ok', content: { 'application/json': { schema: thing() } } } },
      },
    },
  },
});

function thing(): unknown {
  return {
    type: 'object',
    properties: { id: { type: 'string' }, name: { type: 'string' }, size: { type: 'integer' } },
  };
}

/** What an upstream in order answers to a path. */
export function goodThing(path: string, name = 'primary'): { id: string; name: string; size: number } {
  return { id: decodeURIComponent(path.split('?')[0]?.split('/').at(-1) ?? ''), name, size: 1 };
}
