import type { Kysely } from 'kysely';
import { auditDetail } from './audit-detail.ts';
import type { Change } from './registry.ts';
import { auditEntry } from './rows.ts';
import type { Tables } from './sqlite/tables.ts';
import type { AuditEntry, Page } from './types.ts';

/** The audit log, inside the caller's transaction. */

export async function appendAudit(db: Kysely<Tables>, at: number, target: string, change: Change): Promise<void> {
  await db
    .insertInto('audit')
    .values({
      at,
      actor_id: change.actor.id,
      actor_name: change.actor.name,
      action: change.action,
      target,
      detail_json: JSON.stringify(auditDetail(change.detail ?? {})),
    })
    .execute();
}

export async function listAudit(
  db: Kysely<Tables>,
  first: number,
  before: number | undefined,
): Promise<Page<AuditEntry>> {
  let page = db
    .selectFrom('audit')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(first + 1);
  if (before !== undefined) page = page.where('id', '<', before);
  const rows = await page.execute();
  const { total } = await db
    .selectFrom('audit')
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { nodes: rows.slice(0, first).map(auditEntry), hasNextPage: rows.length > first, totalCount: total };
}
