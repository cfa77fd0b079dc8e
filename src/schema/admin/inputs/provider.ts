import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { ProviderKind, type ValueOf } from '../enums.ts';
import { HeaderInput } from './rest-source.ts';

const secret = 'Write-only: stored encrypted, never shown.';

@InputType({ description: 'A pair of AWS keys; requests are signed with them.' })
export class AccessKeyInput {
  @Field(() => String, { description: 'The id of the pair.' })
  accessKeyId!: string;

  @Field(() => String, { description: `The secret of the pair. ${secret}` })
  secretAccessKey!: string;

  @Field(() => String, { nullable: true, description: `The token of temporary keys. ${secret}` })
  sessionToken?: string | null;
}

@InputType({ description: 'A Google service account; access tokens are made with its key.' })
export class ServiceAccountInput {
  @Field(() => String, { description: 'The `client_email` of its key file.' })
  clientEmail!: string;

  @Field(() => String, { description: `The \`private_key\` of its key file, in PEM form. ${secret}` })
  privateKey!: string;
}

@InputType({ description: 'How Weir proves itself to the vendor. Exactly one, as the kind asks for.' })
export class ProviderCredentialInput {
  @Field(() => String, { nullable: true, description: `An API key. ${secret}` })
  apiKey?: string | null;

  @Field(() => AccessKeyInput, { nullable: true, description: 'AWS keys, for AMAZON_BEDROCK.' })
  accessKey?: AccessKeyInput | null;

  @Field(() => ServiceAccountInput, { nullable: true, description: 'A service account, for GOOGLE_VERTEX.' })
  serviceAccount?: ServiceAccountInput | null;

  @Field(() => String, {
    nullable: true,
    description: `An access token, for GOOGLE_VERTEX: whoever makes it sets the next one before it ends. ${secret}`,
  })
  accessToken?: string | null;
}

@InputType({
  description: 'What you pay for a model, in USD for a million tokens: in place of all prices of the catalogue.',
})
export class ModelPricesInput {
  @Field(() => Float, { description: 'What goes in.' })
  input!: number;

  @Field(() => Float, { description: 'What comes out, reasoning included.' })
  output!: number;

  @Field(() => Float, { nullable: true, description: 'What goes in and was kept by the vendor. Default: as input.' })
  cachedInput?: number | null;

  @Field(() => Float, { nullable: true, description: 'What goes in and is going to be kept. Default: as input.' })
  cacheWrite?: number | null;
}

@InputType({ description: 'A model of this account that the catalogue does not know, or knows otherwise.' })
export class ProviderModelInput {
  @Field(() => String, { description: 'As the vendor calls it, such as `gpt-5-mini`; for Azure the deployment.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Which model of the catalogue it is, such as `gpt-5-mini`, where its name does not tell: what is not said here is ' +
      'as the catalogue says of that one. Default: the one of its name.',
  })
  baseModel?: string | null;

  @Field(() => Int, { nullable: true, description: 'Tokens of question and answer together.' })
  contextTokens?: number | null;

  @Field(() => Int, { nullable: true, description: 'Tokens of an answer.' })
  maxOutputTokens?: number | null;

  @Field(() => [String], { nullable: true, description: 'What it takes: `text`, `image`, `audio`, `file`.' })
  inputs?: string[] | null;

  @Field(() => ModelPricesInput, { nullable: true, description: 'What it costs. Default: as the catalogue says.' })
  prices?: ModelPricesInput | null;
}

@InputType({
  description:
    "A model vendor's account. Everything that is left out of one that is there is removed, but for secrets.",
})
export class ProviderInput {
  @Field(() => ID, {
    description: 'Prompts name its models as `name/model`: small letters, digits and `-`, beginning with a letter.',
  })
  name!: string;

  @Field(() => ProviderKind, { description: "Which vendor's API it speaks." })
  kind!: ValueOf<typeof ProviderKind>;

  @Field(() => String, {
    nullable: true,
    description: "Base URL of the API, such as `http://127.0.0.1:11434/v1`. Default: the vendor's own.",
  })
  baseUrl?: string | null;

  @Field(() => ProviderCredentialInput, {
    nullable: true,
    description:
      'Left out, that of the account that is there stays: only as long as kind, URL and the like stay as they are. ' +
      'An empty one removes it, where none is needed.',
  })
  credential?: ProviderCredentialInput | null;

  @Field(() => [HeaderInput], {
    nullable: true,
    description:
      'Request headers that are sent with every call. Left out, they stay, like the credential; `[]` removes them.',
  })
  headers?: HeaderInput[] | null;

  @Field(() => String, { nullable: true, description: 'OPENAI: the organization that pays.' })
  organization?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'OPENAI: the project that pays. GOOGLE_VERTEX: the cloud project.',
  })
  project?: string | null;

  @Field(() => String, { nullable: true, description: 'GOOGLE_VERTEX: where it runs, such as `europe-west1`.' })
  location?: string | null;

  @Field(() => String, { nullable: true, description: 'AMAZON_BEDROCK: where it runs, such as `eu-central-1`.' })
  region?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'AZURE_OPENAI: the name before `.openai.azure.com`. Either this or baseUrl.',
  })
  resourceName?: string | null;

  @Field(() => String, { nullable: true, description: 'AZURE_OPENAI: the `api-version` to ask for.' })
  apiVersion?: string | null;

  @Field(() => [ProviderModelInput], {
    nullable: true,
    description: 'Models that the catalogue does not know, or knows otherwise. Those in neither are refused.',
  })
  models?: ProviderModelInput[] | null;
}
