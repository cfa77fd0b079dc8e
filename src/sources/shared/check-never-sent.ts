import type { Problem } from '../../errors/index.ts';
import type { CallHeadersInput } from './check-credentials.ts';
import { isFramingField, mayForward } from './header-fields.ts';

/** Where a client's key to Weir always is (`access` takes it off): an upstream never gets it. */
const KEY_HEADER = 'weir-key';

/**
 * Headers that calls of a source leave out whatever the owner says, who would wait for them in vain. `place` is that of
 * the input: `input.rest`.
 */
export function checkNeverSent({ headers = [], forwardHeaders = [] }: CallHeadersInput, place: string): Problem[] {
  return [
    ...headers.flatMap(({ name }, index) => checkOwn(name, `${place}.headers.${index}.name`)),
    ...forwardHeaders.flatMap((name, index) => checkForwarded(name, `${place}.forwardHeaders.${index}`)),
  ];
}

function checkOwn(name: string, path: string): Problem[] {
  if (!isFramingField(name)) return [];
  return [{ path, message: `Expected a header that Weir does not write itself; got ${JSON.stringify(name)}.` }];
}

function checkForwarded(name: string, path: string): Problem[] {
  const got = JSON.stringify(name);
  if (name.toLowerCase() === KEY_HEADER) {
    return [{ path, message: `Expected a header that upstreams may have; got ${got}, a key to Weir.` }];
  }
  if (mayForward(name)) return [];
  const message = `Expected a header that can be true of Weir's request, not of the client's alone; got ${got}.`;
  return [{ path, message }];
}
