import { Arg, Int, Query, Resolver } from 'type-graphql';
import type { AuditEntry } from '../../registry/index.ts';
import { AuditConnection } from '../../schema/admin/index.ts';
import { type Connection, readFirst, readNumberCursor, toConnection } from './paging.ts';
import type { AdminServices } from './services.ts';

/** Who did what. */
@Resolver()
export class AuditQueries {
  readonly #services: AdminServices;

  constructor(services: AdminServices) {
    this.#services = services;
  }

  @Query(() => AuditConnection, { description: 'What was done by whom, newest first. Every mutation leaves an entry.' })
  async auditLog(
    @Arg('first', () => Int, { defaultValue: 50, description: 'At most this many, 1 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<Connection<AuditEntry>> {
    const position = readNumberCursor(after, 'audit');
    const page = await this.#services.registry.auditLog(readFirst(first), position);
    return toConnection(page, 'audit', ({ id }) => String(id));
  }
}
