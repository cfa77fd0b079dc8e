import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ProviderCredentialKind, ProviderKind, type ValueOf } from '../enums.ts';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'A request header that is sent with every call.' })
export class ProviderHeader {
  @Field(() => String, { description: "The header's name." })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Its value; null when that is a secret.' })
  value!: string | undefined;
}

@ObjectType({ description: "A model vendor's account. Credentials are never shown." })
export class Provider {
  @Field(() => ID, { description: 'Prompts name its models as `name/model`.' })
  name!: string;

  @Field(() => ProviderKind, { description: "Which vendor's API it speaks." })
  kind!: ValueOf<typeof ProviderKind>;

  @Field(() => String, { nullable: true, description: "Base URL of the API; null: the vendor's own." })
  baseUrl!: string | undefined;

  @Field(() => ProviderCredentialKind, { nullable: true, description: 'What its credential is; null: it has none.' })
  credential!: ValueOf<typeof ProviderCredentialKind> | undefined;

  @Field(() => [ProviderHeader], { description: 'Request headers that are sent with every call.' })
  headers!: ProviderHeader[];

  @Field(() => String, { nullable: true, description: 'OPENAI: the organization that pays.' })
  organization!: string | undefined;

  @Field(() => String, { nullable: true, description: 'OPENAI and GOOGLE_VERTEX: the project.' })
  project!: string | undefined;

  @Field(() => String, { nullable: true, description: 'GOOGLE_VERTEX: where it runs.' })
  location!: string | undefined;

  @Field(() => String, { nullable: true, description: 'AMAZON_BEDROCK: where it runs.' })
  region!: string | undefined;

  @Field(() => String, { nullable: true, description: 'AZURE_OPENAI: the name before `.openai.azure.com`.' })
  resourceName!: string | undefined;

  @Field(() => String, { nullable: true, description: 'AZURE_OPENAI: the `api-version` that is asked for.' })
  apiVersion!: string | undefined;

  @Field(() => Int, { description: 'Grows with every change of the account.' })
  version!: number;

  @Field(() => DateTime, { description: 'When the name was first set.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last set.' })
  updatedAt!: Date;
}
