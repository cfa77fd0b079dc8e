import { isObject, type JsonObject, ownString } from '../openapi/json.ts';

const FLOWS: Readonly<Record<string, string>> = {
  application: 'clientCredentials',
  accessCode: 'authorizationCode',
  implicit: 'implicit',
  password: 'password',
};

/** `securityDefinitions` of Swagger 2.0 as `securitySchemes` of OpenAPI 3. */
export function upgradeSecurity(definitions: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(definitions).map(([name, scheme]) => [name, upgradeScheme(scheme)]));
}

function upgradeScheme(scheme: unknown): unknown {
  if (!isObject(scheme)) return scheme;
  const description = scheme.description;
  const common = description === undefined ? {} : { description };
  if (scheme.type === 'basic') return { ...common, type: 'http', scheme: 'basic' };
  if (scheme.type !== 'oauth2') return scheme;
  const { authorizationUrl, tokenUrl, scopes } = scheme;
  return {
    ...common,
    type: 'oauth2',
    flows: {
      [FLOWS[ownString(scheme, 'flow') ?? 'implicit'] ?? 'implicit']: {
        ...(authorizationUrl === undefined ? {} : { authorizationUrl }),
        ...(tokenUrl === undefined ? {} : { tokenUrl }),
        scopes: scopes ?? {},
      },
    },
  };
}
