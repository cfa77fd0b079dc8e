import { createPrivateKey } from 'node:crypto';
import type { Problem } from '../../../errors/index.ts';
import type { ProviderCredential, ProviderKind } from '../../../models/index.ts';
import type { ProviderCredentialInput } from '../../../schema/admin/index.ts';
import { Secret } from '../../../sources/index.ts';
import { given, onlyGiven } from './given.ts';
import { KIND_RULES } from './provider-kinds.ts';

const MOST_CHARACTERS = 8_192;
/** What can stand in a header and has no space that a slip put there. */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * The credential with its secrets wrapped; what is wrong with it is added to `problems`, and no message shows any of it.
 * `'none'` when it is empty and the kind needs none.
 */
export function readProviderCredential(
  input: ProviderCredentialInput,
  kind: ProviderKind,
  problems: Problem[],
): ProviderCredential | 'none' | undefined {
  const path = 'input.credential';
  const { credentials, credentialNeeded } = KIND_RULES[kind];
  const ways = onlyGiven(input);
  const named = Object.keys(ways);
  if (named.length === 0 && !credentialNeeded) return 'none';
  const [way] = credentials.filter((type) => type === named[0]);
  if (named.length !== 1 || way === undefined) {
    const came = named.length === 0 ? 'none' : named.join(', ');
    problems.push({ path, message: `Expected ${credentials.join(' or ')} for ${kind}; got ${came}.` });
    return undefined;
  }
  const token = (text: string, field: string): Secret => {
    if (!TOKEN.test(text) || text.length > MOST_CHARACTERS) {
      const message = `Expected 1 to ${MOST_CHARACTERS} characters of visible ASCII; got ${text.length} characters.`;
      problems.push({ path: `${path}.${field}`, message });
    }
    return new Secret(text);
  };
  const { apiKey, accessKey, serviceAccount, accessToken } = ways;
  if (accessKey !== undefined) {
    const sessionToken = given(accessKey.sessionToken);
    return {
      type: 'accessKey',
      accessKeyId: token(accessKey.accessKeyId, 'accessKey.accessKeyId').reveal(),
      secretAccessKey: token(accessKey.secretAccessKey, 'accessKey.secretAccessKey'),
      ...(sessionToken === undefined ? {} : { sessionToken: token(sessionToken, 'accessKey.sessionToken') }),
    };
  }
  if (serviceAccount !== undefined) {
    const { clientEmail, privateKey } = serviceAccount;
    if (!isPrivateKey(privateKey)) {
      problems.push({ path: `${path}.serviceAccount.privateKey`, message: 'Expected a private key in PEM form.' });
    }
    const email = token(clientEmail, 'serviceAccount.clientEmail').reveal();
    return { type: 'serviceAccount', clientEmail: email, privateKey: new Secret(privateKey) };
  }
  if (accessToken !== undefined) return { type: 'accessToken', accessToken: token(accessToken, 'accessToken') };
  return { type: 'apiKey', apiKey: token(apiKey ?? '', 'apiKey') };
}

function isPrivateKey(text: string): boolean {
  try {
    return text.length <= MOST_CHARACTERS && createPrivateKey(text).type === 'private';
  } catch {
    return false;
  }
}
