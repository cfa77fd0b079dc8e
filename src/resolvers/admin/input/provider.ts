import type { Problem } from '../../../errors/index.ts';
import type { ProviderAccount, ProviderCredential, ProviderOptions } from '../../../models/index.ts';
import type { NewProvider } from '../../../registry/index.ts';
import type { ProviderInput } from '../../../schema/admin/index.ts';
import { checkCredentials, checkUrl, Secret } from '../../../sources/index.ts';
import type { EgressGuard } from '../../../upstream/index.ts';
import { given } from './given.ts';
import { readProviderCredential } from './provider-credential.ts';
import { KIND_RULES, OPTION_FORMS, type OptionName } from './provider-kinds.ts';
import { readProviderModels } from './provider-models.ts';

/** Models are named `name/model`, so there is no slash in it. */
const PROVIDER_NAME = /^[a-z][a-z0-9-]{0,63}$/;
/** Prompts are models too, for clients of the OpenAI format: `prompt/translate`. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['prompt']);
const MOST_HEADERS = 50;

/**
 * An account as it is stored; what is wrong with the input is added to `problems`. What it keeps secret stays when it is
 * left out, as long as it goes where it went before.
 */
export function readProvider(
  input: ProviderInput,
  before: ProviderAccount | undefined,
  egress: EgressGuard,
  problems: Problem[],
): NewProvider {
  const { name, kind } = input;
  problems.push(...nameProblems(name));
  const baseUrl = given(input.baseUrl);
  const options = readOptions(input, problems);
  problems.push(...destinationProblems(kind, baseUrl, options, egress));
  const destination = { kind, options, ...(baseUrl === undefined ? {} : { baseUrl }) };
  const keeps = before !== undefined && sameDestination(before, destination) ? before : undefined;
  const credential = readCredential(input, before, keeps, problems);
  if (kind === 'GOOGLE_VERTEX') problems.push(...vertexProblems(credential, options));
  return {
    name,
    ...destination,
    ...(credential === undefined ? {} : { credential }),
    headers: readHeaders(input, before, keeps, problems),
    models: readProviderModels(input.models ?? [], problems),
  };
}

function nameProblems(name: string): readonly Problem[] {
  const path = 'input.name';
  const shown = JSON.stringify(name.slice(0, 100));
  if (!PROVIDER_NAME.test(name)) {
    const message = `Expected at most 64 small letters, digits and -, beginning with a letter; got ${shown}.`;
    return [{ path, message }];
  }
  if (RESERVED_NAMES.has(name))
    return [{ path, message: `Expected a name that Weir does not use itself; got ${shown}.` }];
  return [];
}

function readOptions(input: ProviderInput, problems: Problem[]): ProviderOptions {
  const rules = KIND_RULES[input.kind];
  const options: Partial<Record<OptionName, string>> = {};
  for (const option of Object.keys(OPTION_FORMS) as OptionName[]) {
    const path = `input.${option}`;
    const value = given(input[option]);
    const { pattern, expected } = OPTION_FORMS[option];
    if (value === undefined) {
      if (rules.optionsNeeded.includes(option)) {
        problems.push({ path, message: `Expected ${expected} for ${input.kind}; got none.` });
      }
    } else if (!rules.options.includes(option)) {
      problems.push({ path, message: `Expected nothing: ${input.kind} has no ${option}; got a value.` });
    } else if (!pattern.test(value)) {
      problems.push({ path, message: `Expected ${expected}; got ${JSON.stringify(value.slice(0, 150))}.` });
    } else {
      options[option] = value;
    }
  }
  return options;
}

function destinationProblems(
  kind: ProviderAccount['kind'],
  baseUrl: string | undefined,
  { resourceName }: ProviderOptions,
  egress: EgressGuard,
): readonly Problem[] {
  const path = 'input.baseUrl';
  const form = KIND_RULES[kind].baseUrl;
  if (form === 'orResourceName' && (baseUrl === undefined) === (resourceName === undefined)) {
    const came = baseUrl === undefined ? 'neither' : 'both';
    return [{ path, message: `Expected exactly one of baseUrl and resourceName for ${kind}; got ${came}.` }];
  }
  if (baseUrl === undefined) {
    return form === 'needed' ? [{ path, message: `Expected the base URL of the server for ${kind}; got none.` }] : [];
  }
  const problems = checkUrl(baseUrl, path);
  if (problems.length > 0) return problems;
  if (/[?#]/.test(baseUrl)) return [{ path, message: 'Expected a base URL without query or fragment; got one with.' }];
  const refused = egress.checkUrl(baseUrl);
  return refused === undefined ? [] : [{ path, message: `The URL ${refused}.` }];
}

function sameDestination(a: Pick<ProviderAccount, 'kind' | 'baseUrl' | 'options'>, b: typeof a): boolean {
  const names = Object.keys(OPTION_FORMS) as OptionName[];
  return a.kind === b.kind && a.baseUrl === b.baseUrl && names.every((name) => a.options[name] === b.options[name]);
}

const AGAIN = 'since kind, URL or the like are not what they were';

function readCredential(
  input: ProviderInput,
  before: ProviderAccount | undefined,
  keeps: ProviderAccount | undefined,
  problems: Problem[],
): ProviderCredential | undefined {
  const { kind, credential } = input;
  if (credential) {
    const read = readProviderCredential(credential, kind, problems);
    return read === 'none' ? undefined : read;
  }
  if (keeps !== undefined) return keeps.credential;
  const path = 'input.credential';
  if (before?.credential !== undefined) {
    problems.push({ path, message: `Expected the credential again, ${AGAIN}; got none.` });
  } else if (KIND_RULES[kind].credentialNeeded) {
    problems.push({ path, message: `Expected ${KIND_RULES[kind].credentials.join(' or ')} for ${kind}; got none.` });
  }
  return undefined;
}

function vertexProblems(credential: ProviderCredential | undefined, options: ProviderOptions): readonly Problem[] {
  if (credential === undefined) return [];
  const withProject = credential.type !== 'apiKey';
  return (['project', 'location'] as const).flatMap((option) => {
    const there = options[option] !== undefined;
    if (there === withProject) return [];
    const expected = withProject
      ? 'it beside a service account or an access token; got none'
      : 'none beside an API key; got one';
    return [{ path: `input.${option}`, message: `Expected ${expected}.` }];
  });
}

function readHeaders(
  input: ProviderInput,
  before: ProviderAccount | undefined,
  keeps: ProviderAccount | undefined,
  problems: Problem[],
): ProviderAccount['headers'] {
  const path = 'input.headers';
  if (!input.headers) {
    const secret = before?.headers.some(({ value }) => value instanceof Secret) === true;
    if (keeps === undefined && secret)
      problems.push({ path, message: `Expected the headers again, ${AGAIN}; got none.` });
    return before?.headers ?? [];
  }
  if (input.headers.length > MOST_HEADERS) {
    problems.push({ path, message: `Expected at most ${MOST_HEADERS}; got ${input.headers.length}.` });
    return [];
  }
  const headers = input.headers.map(({ name, value, secret }) => ({
    name,
    value: secret === false ? value : new Secret(value),
  }));
  problems.push(...checkCredentials({ headers }, 'input'));
  const names = headers.map(({ name }) => name.toLowerCase());
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    problems.push({
      path: `${path}.${index}.name`,
      message: `Expected each header once; got ${JSON.stringify(name)} again.`,
    });
  }
  return headers;
}
