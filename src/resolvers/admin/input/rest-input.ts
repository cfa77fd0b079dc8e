import type { Problem } from '../../../errors/index.ts';
import type { BatchInput, RestSourceInput, UpstreamAuthInput } from '../../../schema/admin/index.ts';
import { Secret } from '../../../sources/index.ts';
import type { OperationInput, BatchInput as RestBatch, RestInput, UpstreamAuth } from '../../../sources/rest/index.ts';
import { onlyGiven } from './given.ts';
import { readPolicy } from './policy.ts';

/** What the REST kind reads, with every credential wrapped. The kind itself checks the rest of it. */
export function readRestInput(input: RestSourceInput, path: string, problems: Problem[]): RestInput {
  const { auth, headers, operations, ...plain } = onlyGiven(input);
  const readAuth = auth === undefined ? undefined : readUpstreamAuth(auth, `${path}.auth`, problems);
  return {
    ...plain,
    ...(readAuth === undefined ? {} : { auth: readAuth }),
    ...(headers === undefined
      ? {}
      : {
          headers: headers.map(({ name, value, secret }) => ({
            name,
            value: secret === false ? value : new Secret(value),
          })),
        }),
    ...(operations === undefined
      ? {}
      : {
          operations: operations.map((operation, at) => readOperation(operation, `${path}.operations.${at}`, problems)),
        }),
  };
}

function readOperation(
  input: NonNullable<RestSourceInput['operations']>[number],
  path: string,
  problems: Problem[],
): OperationInput {
  const { operation, policy, batch, ...plain } = input;
  return {
    operation,
    ...onlyGiven(plain),
    ...(batch ? { batch: readBatch(batch) } : {}),
    ...(policy ? { policy: readPolicy(policy, `${path}.policy`, problems) } : {}),
  };
}

function readBatch(input: BatchInput): RestBatch {
  const { argument, ...others } = input;
  return { argument, ...onlyGiven(others) };
}

function readUpstreamAuth(input: UpstreamAuthInput, path: string, problems: Problem[]): UpstreamAuth | undefined {
  const ways = onlyGiven(input);
  const named = Object.keys(ways);
  if (named.length !== 1) {
    const came = named.length === 0 ? 'none' : named.join(', ');
    problems.push({ path, message: `Expected exactly one of bearer, basic, apiKey and oauth2; got ${came}.` });
    return undefined;
  }
  const { bearer, basic, apiKey, oauth2 } = ways;
  if (bearer) return { bearer: { token: new Secret(bearer.token) } };
  if (basic) return { basic: { username: basic.username, password: new Secret(basic.password) } };
  if (apiKey) return { apiKey: { name: apiKey.name, in: apiKey.in, value: new Secret(apiKey.value) } };
  if (!oauth2) return undefined;
  const { tokenUrl, clientId, clientSecret, scopes, clientAuthentication } = oauth2;
  return {
    oauth2: {
      tokenUrl,
      clientId,
      clientSecret: new Secret(clientSecret),
      clientAuthentication,
      ...(scopes ? { scopes } : {}),
    },
  };
}
