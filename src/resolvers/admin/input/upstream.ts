import type { Problem } from '../../../errors/index.ts';
import type { HeaderInput, UpstreamAuthInput } from '../../../schema/admin/index.ts';
import { Secret } from '../../../sources/index.ts';
import type { UpstreamAuth } from '../../../sources/rest/index.ts';
import { onlyGiven } from './given.ts';

/** How Weir calls an upstream: what the inputs of several kinds have in common. */
export interface UpstreamInput {
  readonly auth: UpstreamAuthInput | undefined;
  readonly headers: readonly HeaderInput[] | undefined;
}

export interface Upstream {
  readonly auth?: UpstreamAuth;
  readonly headers?: readonly { readonly name: string; readonly value: string | Secret }[];
}

/** The same with every credential wrapped. */
export function readUpstream({ auth, headers }: UpstreamInput, path: string, problems: Problem[]): Upstream {
  const readAuth = auth === undefined ? undefined : readUpstreamAuth(auth, `${path}.auth`, problems);
  return {
    ...(readAuth === undefined ? {} : { auth: readAuth }),
    ...(headers === undefined ? {} : { headers: headers.map(readHeader) }),
  };
}

function readHeader({ name, value, secret }: HeaderInput): { readonly name: string; readonly value: string | Secret } {
  return { name, value: secret === false ? value : new Secret(value) };
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
