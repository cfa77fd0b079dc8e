import { Field, Float, Int, ObjectType } from 'type-graphql';
import { BreakerState, HealthState, type ValueOf } from '../enums.ts';
import { DateTime } from '../scalars.ts';

@ObjectType({ description: 'How one endpoint is doing.' })
export class EndpointHealth {
  @Field(() => Int, { description: 'Its place in the definition, from 0.' })
  number!: number;

  @Field(() => Int, { description: '0 is primary, higher are backups.' })
  priority!: number;

  @Field(() => HealthState, { description: 'How it is doing.' })
  state!: ValueOf<typeof HealthState>;

  @Field(() => BreakerState, { description: 'Its circuit breaker.' })
  breaker!: ValueOf<typeof BreakerState>;

  @Field(() => String, { nullable: true, description: 'Code and reason of its last failure.' })
  lastError!: string | undefined;

  @Field(() => Float, { nullable: true, description: 'Median latency in milliseconds.' })
  latencyP50Ms!: number | undefined;

  @Field(() => Float, { nullable: true, description: '99th percentile of latency in milliseconds.' })
  latencyP99Ms!: number | undefined;
}

@ObjectType({ description: "How a source's upstream is doing." })
export class SourceHealth {
  @Field(() => HealthState, { description: 'UNKNOWN for a source that is not in the graph.' })
  state!: ValueOf<typeof HealthState>;

  @Field(() => DateTime, { nullable: true, description: 'When the state last changed; null when UNKNOWN.' })
  since!: Date | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Why a published source is not in the graph, should that be so; null otherwise.',
  })
  problem!: string | undefined;

  @Field(() => [EndpointHealth], { description: 'By number.' })
  endpoints!: EndpointHealth[];
}
