import { Ctx, Query, Resolver } from 'type-graphql';
import type { Role } from '../../access/index.ts';
import { CurrentCaller } from '../../schema/admin/index.ts';
import type { RequestContext } from '../../schema/index.ts';

/** The one field of the admin API that is not only for admins. */
@Resolver()
export class CallerQuery {
  @Query(() => CurrentCaller, { description: 'Who makes this request, as Weir sees it.' })
  me(@Ctx() { caller }: RequestContext): { kind: string; name?: string; role?: Role; keyId?: string } {
    if (caller.kind === 'anonymous') return { kind: 'ANONYMOUS' };
    return { kind: 'KEY', name: caller.name, role: caller.role, keyId: caller.id };
  }
}
