import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { actorOf } from '../../access/index.ts';
import { InvalidDefinition, type Problem } from '../../errors/index.ts';
import type { ProviderCredential, ProviderOptions } from '../../models/index.ts';
import type { ProviderRecord } from '../../registry/index.ts';
import {
  Provider,
  type ProviderCredentialKind,
  type ProviderHeader,
  ProviderInput,
  type ValueOf,
} from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';
import { readProvider } from './input/provider.ts';
import type { AdminServices } from './services.ts';

type Shown = Omit<ProviderRecord, 'options' | 'headers' | 'credential'> &
  ProviderOptions & {
    readonly credential: ValueOf<typeof ProviderCredentialKind> | undefined;
    readonly headers: readonly ProviderHeader[];
  };

const CREDENTIAL_KINDS: Readonly<Record<ProviderCredential['type'], ValueOf<typeof ProviderCredentialKind>>> = {
  apiKey: 'API_KEY',
  accessKey: 'ACCESS_KEY',
  serviceAccount: 'SERVICE_ACCOUNT',
  accessToken: 'ACCESS_TOKEN',
};

/** Model vendors' accounts. */
@Resolver()
export class ProviderResolvers {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Query(() => [Provider], { description: "Model vendors' accounts, by name." })
  async providers(): Promise<readonly Shown[]> {
    return (await this.#services.registry.providers()).map(shown);
  }

  @Mutation(() => Provider, {
    description:
      "Registers a vendor's account, or puts another in its place, for calls that start afterwards. " +
      'Nothing is sent to the vendor. Refused when it would not know a model any more that a published source names.',
  })
  async setProvider(
    @Arg('input', () => ProviderInput, { description: 'The account.' }) input: ProviderInput,
    @Ctx() context: RequestContext,
  ): Promise<Shown> {
    const { registry, egress, lifecycle } = this.#services;
    const before = await registry.provider(input.name);
    const problems: Problem[] = [];
    const provider = readProvider(input, before, egress, problems);
    if (problems.length > 0) throw new InvalidDefinition(problems);
    const { kind, baseUrl, options, models } = provider;
    const credential = provider.credential === undefined ? 'none' : input.credential ? 'given' : 'kept';
    return shown(
      await lifecycle.setProvider({
        provider,
        before,
        change: {
          actor: actorOf(context.caller),
          action: 'setProvider',
          detail: { kind, baseUrl, ...options, credential, models: models.map(({ name }) => name) },
        },
      }),
    );
  }

  @Mutation(() => ID, {
    description: 'Removes an account, and its budgets. Refused while a published source names one of its models.',
  })
  async removeProvider(
    @Arg('name', () => ID, { description: 'Its name.' }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    await this.#services.lifecycle.removeProvider(name, actorOf(context.caller));
    return name;
  }
}

function shown({ options, headers, credential, ...plain }: ProviderRecord): Shown {
  return {
    ...plain,
    ...options,
    credential: credential === undefined ? undefined : CREDENTIAL_KINDS[credential.type],
    headers: headers.map(({ name, value }) => ({ name, value: typeof value === 'string' ? value : undefined })),
  };
}
