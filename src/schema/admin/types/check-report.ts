import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Problem, Warning } from './problem.ts';
import { SchemaChange } from './revision.ts';

@ObjectType({ description: 'One try to reach an upstream, beside traffic and health.' })
export class Probe {
  @Field(() => Boolean, { description: 'Whether the upstream answered.' })
  ok!: boolean;

  @Field(() => Float, { description: 'Milliseconds it took.' })
  latencyMs!: number;

  @Field(() => Int, { nullable: true, description: 'The HTTP status, when there was one.' })
  status!: number | undefined;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  reason!: string | undefined;
}

@ObjectType({ description: 'What publishing a revision would do. Nothing was changed.' })
export class CheckReport {
  @Field(() => Boolean, {
    description:
      'Whether publishSource would go through without acceptBreaking. A failed probe does not stand in its way.',
  })
  ok!: boolean;

  @Field(() => Int, { description: 'The revision that was checked.' })
  revision!: number;

  @Field(() => Int, { nullable: true, description: 'The live revision it was compared with; null when none is live.' })
  comparedWith!: number | undefined;

  @Field(() => Boolean, { description: 'Whether any change is BREAKING.' })
  breaking!: boolean;

  @Field(() => [SchemaChange], { description: 'Differences from the live revision; empty when none is live.' })
  changes!: SchemaChange[];

  @Field(() => [Problem], { description: 'Why the graph could not be composed with it; empty when it can.' })
  conflicts!: Problem[];

  @Field(() => [Warning], { description: 'What could not be represented, and what was done instead.' })
  warnings!: Warning[];

  @Field(() => Probe, { description: 'Whether the upstream can be reached now.' })
  probe!: Probe;
}
