import { Field, InputType } from 'type-graphql';
import { ApiKeyLocation, ClientAuthentication, type ValueOf } from '../enums.ts';

const secret = 'Write-only: stored encrypted, never shown.';

@InputType({ description: 'A bearer token in the Authorization header.' })
export class BearerAuthInput {
  @Field(() => String, { description: `The token. ${secret}` })
  token!: string;
}

@InputType({ description: 'HTTP Basic authentication.' })
export class BasicAuthInput {
  @Field(() => String, { description: 'The user name.' })
  username!: string;

  @Field(() => String, { description: `The password. ${secret}` })
  password!: string;
}

@InputType({ description: 'An API key in a header, the query string or a cookie.' })
export class ApiKeyAuthInput {
  @Field(() => String, { description: "The header's, parameter's or cookie's name." })
  name!: string;

  @Field(() => ApiKeyLocation, { defaultValue: 'HEADER', description: 'Where it is sent.' })
  in!: ValueOf<typeof ApiKeyLocation>;

  @Field(() => String, { description: `The key. ${secret}` })
  value!: string;
}

@InputType({ description: 'OAuth 2 client credentials: Weir fetches and renews the token.' })
export class OAuth2AuthInput {
  @Field(() => String, { description: 'URL of the token endpoint.' })
  tokenUrl!: string;

  @Field(() => String, { description: 'Client id.' })
  clientId!: string;

  @Field(() => String, { description: `Client secret. ${secret}` })
  clientSecret!: string;

  @Field(() => [String], { nullable: true, description: 'Scopes to ask for.' })
  scopes?: string[] | null;

  @Field(() => ClientAuthentication, { defaultValue: 'BASIC', description: 'How id and secret are sent.' })
  clientAuthentication!: ValueOf<typeof ClientAuthentication>;
}

@InputType({ description: 'How Weir proves itself to the upstream. Exactly one.' })
export class UpstreamAuthInput {
  @Field(() => BearerAuthInput, { nullable: true, description: 'A bearer token.' })
  bearer?: BearerAuthInput | null;

  @Field(() => BasicAuthInput, { nullable: true, description: 'HTTP Basic authentication.' })
  basic?: BasicAuthInput | null;

  @Field(() => ApiKeyAuthInput, { nullable: true, description: 'An API key.' })
  apiKey?: ApiKeyAuthInput | null;

  @Field(() => OAuth2AuthInput, { nullable: true, description: 'OAuth 2 client credentials.' })
  oauth2?: OAuth2AuthInput | null;
}
