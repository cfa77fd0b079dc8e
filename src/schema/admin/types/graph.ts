import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../scalars.ts';

/** `Graph` in the API. */
@ObjectType('Graph', { description: 'The running graph.' })
export class RunningGraph {
  @Field(() => Int, {
    description: 'Grows with every change of the graph, and never goes back, not by a restart either.',
  })
  version!: number;

  @Field(() => String, { description: 'The graph as an admin sees it, without the admin API.' })
  sdl!: string;

  @Field(() => DateTime, { description: 'When it was composed.' })
  composedAt!: Date;
}
