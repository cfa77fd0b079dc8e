import { describeValue, type JsonObject, own } from '../openapi/json.ts';

export type Dialect = '2.0' | '3.0' | '3.1';

export type Recognised =
  | { readonly ok: true; readonly dialect: Dialect; readonly version: string }
  | { readonly ok: false; readonly path: string; readonly message: string };

/** Which OpenAPI a document is. A version given as a number (`swagger: 2.0` in YAML) is understood. */
export function recognise(document: JsonObject): Recognised {
  const openapi = own(document, 'openapi');
  const swagger = own(document, 'swagger');
  if (openapi === undefined && swagger === undefined) {
    return {
      ok: false,
      path: '/openapi',
      message: `Expected an OpenAPI document with "openapi": "3.x" or "swagger": "2.0"; got neither key.`,
    };
  }
  const [given, path] = openapi !== undefined ? [openapi, '/openapi'] : [swagger, '/swagger'];
  const version = typeof given === 'number' ? given.toFixed(1) : given;
  if (typeof version === 'string') {
    if (path === '/swagger' && /^2(\.0)?(\.0)?$/.test(version.trim())) return { ok: true, dialect: '2.0', version };
    if (path === '/openapi' && /^3\.0(\.|$)/.test(version.trim())) return { ok: true, dialect: '3.0', version };
    // 3.2 only adds to 3.1; what it adds is not read.
    if (path === '/openapi' && /^3\.[12](\.|$)/.test(version.trim())) return { ok: true, dialect: '3.1', version };
  }
  return {
    ok: false,
    path,
    message: `Expected OpenAPI 2.0, 3.0 or 3.1; got ${describeValue(given)}.`,
  };
}
