import type { Problem } from '../../errors/index.ts';
import type { EndpointInput } from '../rest/definition.ts';
import { checkUrl } from './check-url.ts';

/**
 * What is wrong with the endpoints of a registration, which stand at `place`. A `base` URL has paths appended to it;
 * a `whole` one is called as it is, so that it may have a query.
 */
export function checkEndpoints(
  endpoints: readonly EndpointInput[] = [],
  place: string,
  form: 'base' | 'whole',
): Problem[] {
  return endpoints.flatMap(({ url, priority, weight }, index) => {
    const path = `${place}.${index}`;
    const problems = checkUrl(url, `${path}.url`);
    if (problems.length === 0 && (form === 'base' ? /[?#]/ : /#/).test(url)) {
      const expected = form === 'base' ? 'base URL without query or fragment' : 'URL without a fragment';
      problems.push({ path: `${path}.url`, message: `Expected a ${expected}; got ${JSON.stringify(url)}.` });
    }
    if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0)) {
      problems.push({ path: `${path}.priority`, message: `Expected an integer from 0 up; got ${priority}.` });
    }
    if (weight !== undefined && !(Number.isFinite(weight) && weight > 0)) {
      problems.push({ path: `${path}.weight`, message: `Expected a number above 0; got ${weight}.` });
    }
    return problems;
  });
}
