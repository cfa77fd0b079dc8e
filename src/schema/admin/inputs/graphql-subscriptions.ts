import { Field, InputType } from 'type-graphql';
import { SubscriptionInitPayload, SubscriptionTransport, type ValueOf } from '../enums.ts';

@InputType({ description: 'How the subscriptions of a GraphQL service are spoken to.' })
export class GraphQLSubscriptionsInput {
  @Field(() => SubscriptionTransport, { defaultValue: 'WS', description: 'What they go over.' })
  transport!: ValueOf<typeof SubscriptionTransport>;

  @Field(() => String, {
    nullable: true,
    description:
      'Where they go, if not to the endpoints: a URL, or one relative to each endpoint, such as `/subscriptions`.',
  })
  url?: string | null;

  @Field(() => SubscriptionInitPayload, {
    defaultValue: 'NONE',
    description: 'What `connection_init` of a WebSocket carries, besides the headers of the upgrade.',
  })
  initPayload!: ValueOf<typeof SubscriptionInitPayload>;
}
