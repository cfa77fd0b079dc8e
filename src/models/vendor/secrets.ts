import type { ProviderAccount } from '../accounts.ts';

/** Every secret text of an account. */
export function secretsOf({ credential, headers }: ProviderAccount): readonly string[] {
  const ofHeaders = headers.flatMap(({ value }) => (typeof value === 'string' ? [] : [value.reveal()]));
  switch (credential?.type) {
    case undefined:
      return ofHeaders;
    case 'apiKey':
      return [credential.apiKey.reveal(), ...ofHeaders];
    case 'accessKey': {
      const token = credential.sessionToken?.reveal();
      return [credential.secretAccessKey.reveal(), ...(token === undefined ? [] : [token]), ...ofHeaders];
    }
    case 'serviceAccount':
      return [credential.privateKey.reveal(), ...ofHeaders];
    case 'accessToken':
      return [credential.accessToken.reveal(), ...ofHeaders];
    default: {
      const never: never = credential;
      return never;
    }
  }
}
