import type { Random } from '../../../../runtime/index.ts';
import { isIgnoredParameter } from '../../../shared/header-fields.ts';
import { toJsonText } from '../../../shared/json-text.ts';
import { encodeComponent } from '../../../shared/percent.ts';
import { RequestRefused } from '../../../shared/refused.ts';
import type { ParameterPlan, RestOperation } from '../../plan.ts';
import { compileBody, type EncodeBody, type EncodedBody } from './body.ts';
import { styleCookie, styleHeader, styleQuery, textOf } from './style.ts';
import { compilePath, type Target } from './target.ts';
import { type ToWire, WireCompiler } from './wire.ts';

/** What the arguments of one call make of its request. The same for every attempt and every endpoint. */
export interface RequestParts {
  readonly target: Target;
  readonly headers: readonly HeaderParameter[];
  /** `name=value` pairs, encoded. */
  readonly cookies: readonly string[];
  readonly body: EncodedBody | undefined;
}

export interface HeaderParameter {
  readonly name: string;
  readonly value: string;
  readonly argument: string;
}

interface CompiledParameter {
  readonly plan: ParameterPlan;
  readonly toWire: ToWire;
}

/** Turns arguments into a request. Throws RequestRefused when they cannot be sent as what they are. */
export type BuildRequest = (args: Readonly<Record<string, unknown>>) => RequestParts;

export function compileRequest(operation: RestOperation, random: Random): BuildRequest {
  const wire = new WireCompiler();
  const at = (place: ParameterPlan['in']): readonly CompiledParameter[] =>
    operation.parameters
      .filter((plan) => plan.in === place)
      .map((plan) => ({ plan, toWire: wire.compile(plan.shape) }));
  const path = compilePath(operation.path);
  const inPath = new Map(at('path').map((parameter) => [parameter.plan.name, parameter]));
  const inQuery = at('query');
  const inHeader = at('header').filter(({ plan }) => !isIgnoredParameter(plan.name));
  const inCookie = at('cookie');
  const encodeBody = operation.body === undefined ? undefined : compileBody(operation.body, wire, random);

  return (args) => {
    const target = path.expand((name) => {
      const parameter = inPath.get(name);
      if (parameter === undefined) return undefined;
      return { plan: parameter.plan, value: pathValue(parameter, args) };
    });
    const query: string[] = target.query === '' ? [] : [target.query];
    for (const parameter of inQuery) query.push(...queryPairs(parameter, wireValue(parameter, args)));
    const headers: HeaderParameter[] = [];
    for (const parameter of inHeader) {
      const { plan } = parameter;
      const value = wireValue(parameter, args);
      const text = plan.mediaType === undefined ? styleHeader(plan, value) : contentText(plan.mediaType, value);
      if (text !== undefined) headers.push({ name: plan.name, value: text, argument: plan.argument });
    }
    return {
      target: { path: target.path, query: query.join('&') },
      headers,
      cookies: inCookie.flatMap((parameter) => cookiePairs(parameter, wireValue(parameter, args))),
      body: bodyOf(operation, encodeBody, args),
    };
  };
}

/** A left-out argument is its default, which the document gives in wire form; an explicit null sends nothing. */
function wireValue({ plan, toWire }: CompiledParameter, args: Readonly<Record<string, unknown>>): unknown {
  const given = args[plan.argument];
  const value = given === undefined ? plan.default : toWire(given);
  if ((value === undefined || value === null) && plan.required) {
    throw new RequestRefused(`the argument "${plan.argument}" is required.`);
  }
  return value;
}

function pathValue(parameter: CompiledParameter, args: Readonly<Record<string, unknown>>): unknown {
  const value = wireValue(parameter, args);
  const { mediaType } = parameter.plan;
  return mediaType === undefined ? value : contentText(mediaType, value);
}

function queryPairs({ plan }: CompiledParameter, value: unknown): readonly string[] {
  if (plan.mediaType === undefined) return styleQuery(plan, value);
  const text = contentText(plan.mediaType, value);
  return text === undefined ? [] : [`${encodeComponent(plan.name)}=${encodeComponent(text)}`];
}

function cookiePairs({ plan }: CompiledParameter, value: unknown): readonly string[] {
  if (plan.mediaType === undefined) return styleCookie(plan, value);
  const text = contentText(plan.mediaType, value);
  return text === undefined ? [] : [`${encodeComponent(plan.name)}=${encodeComponent(text)}`];
}

/** A parameter with `content`: the value whole, as its media type. */
function contentText(mediaType: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return mediaType.startsWith('text/') ? textOf(value) : toJsonText(value);
}

function bodyOf(
  operation: RestOperation,
  encode: EncodeBody | undefined,
  args: Readonly<Record<string, unknown>>,
): EncodedBody | undefined {
  if (operation.body === undefined || encode === undefined) return undefined;
  const value = args[operation.body.argument];
  if (value !== undefined && value !== null) return encode(value);
  if (operation.body.required) throw new RequestRefused(`the argument "${operation.body.argument}" is required.`);
  return undefined;
}
