import { Field, InputType } from 'type-graphql';
import { LifecycleState, OperationKind, SourceKind, type ValueOf } from '../enums.ts';

@InputType({ description: 'Which sources. Conditions are joined by and.' })
export class SourceFilter {
  @Field(() => [LifecycleState], { nullable: true, description: 'In one of these states.' })
  states?: ValueOf<typeof LifecycleState>[] | null;

  @Field(() => [SourceKind], { nullable: true, description: 'Of one of these kinds.' })
  kinds?: ValueOf<typeof SourceKind>[] | null;

  @Field(() => String, { nullable: true, description: 'With this tag.' })
  tag?: string | null;

  @Field(() => String, { nullable: true, description: 'With this text in name, title or description, in any case.' })
  search?: string | null;
}

@InputType({ description: 'Which operations. Conditions are joined by and.' })
export class OperationFilter {
  @Field(() => OperationKind, { nullable: true, description: 'In this root.' })
  kind?: ValueOf<typeof OperationKind> | null;

  @Field(() => String, { nullable: true, description: 'With this text in the operation id or the field, in any case.' })
  search?: string | null;
}
