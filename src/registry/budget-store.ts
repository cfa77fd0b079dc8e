import type { Kysely } from 'kysely';
import type { BudgetLimits, BudgetRecord, BudgetSubject, SpendingRecord } from '../access/index.ts';
import { WeirError } from '../errors/index.ts';
import type { BudgetRow, SpendingRow, Tables } from './sqlite/tables.ts';

/** Rows of budgets and of what was spent of them, inside the caller's transaction. */

/** By subject. */
export async function listBudgets(db: Kysely<Tables>): Promise<readonly BudgetRecord[]> {
  const rows = await db.selectFrom('budgets').selectAll().orderBy('subject_kind').orderBy('subject_id').execute();
  return rows.map(budgetRecord);
}

/** Budgets go with their source or provider: one that comes after them would stay for whoever is named so next. */
export async function expectBudgetSubject(db: Kysely<Tables>, { kind, id }: BudgetSubject): Promise<void> {
  if (kind === 'KEY') return;
  const table = kind === 'SOURCE' ? 'sources' : 'providers';
  const name = kind === 'MODEL' ? id.slice(0, Math.max(0, id.indexOf('/'))) : id;
  const there = await db.selectFrom(table).select('name').where('name', '=', name).executeTakeFirst();
  if (there !== undefined) return;
  throw new WeirError('NOT_FOUND', `There is no ${kind === 'SOURCE' ? 'source' : 'provider'} ${JSON.stringify(name)}.`);
}

/** Takes the place of the limits that are there; what was spent stays. */
export async function putBudget(
  db: Kysely<Tables>,
  subject: BudgetSubject,
  limits: BudgetLimits,
  at: number,
): Promise<BudgetRecord> {
  const row = await db
    .insertInto('budgets')
    .values({ ...columnsOf(subject), limits_json: JSON.stringify(limits), created_at: at, updated_at: at })
    .onConflict((conflict) =>
      conflict
        .columns(['subject_kind', 'subject_id'])
        .doUpdateSet({ limits_json: JSON.stringify(limits), updated_at: at }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
  return budgetRecord(row);
}

export async function deleteBudget(db: Kysely<Tables>, subject: BudgetSubject): Promise<void> {
  const { subject_kind, subject_id } = columnsOf(subject);
  const removed = await db
    .deleteFrom('budgets')
    .where('subject_kind', '=', subject_kind)
    .where('subject_id', '=', subject_id)
    .returning('subject_id')
    .executeTakeFirst();
  if (removed === undefined) {
    throw new WeirError('NOT_FOUND', `There is no budget of ${subject.kind} ${JSON.stringify(subject.id)}.`);
  }
}

export async function listSpending(db: Kysely<Tables>): Promise<readonly SpendingRecord[]> {
  const rows = await db.selectFrom('spending').selectAll().execute();
  return rows.map(spendingRecord);
}

/** One that has no budget any more is left out. */
export async function putSpending(db: Kysely<Tables>, records: readonly SpendingRecord[]): Promise<void> {
  const budgets = await db.selectFrom('budgets').select(['subject_kind as kind', 'subject_id as id']).execute();
  const kept = new Set(budgets.map(keyOf));
  const rows = records.filter(({ subject }) => kept.has(keyOf(subject))).map(spendingRow);
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    await db
      .insertInto('spending')
      .values(rows.slice(first, first + ROWS_AT_ONCE))
      .onConflict((conflict) =>
        conflict.columns(['subject_kind', 'subject_id', 'period']).doUpdateSet(({ ref }) => ({
          started_at: ref('excluded.started_at'),
          requests: ref('excluded.requests'),
          tokens: ref('excluded.tokens'),
          usd_nano: ref('excluded.usd_nano'),
          unpriced: ref('excluded.unpriced'),
        })),
      )
      .execute();
  }
}

/** Rows of one statement: far below the number of parameters that SQLite takes. */
const ROWS_AT_ONCE = 500;

const keyOf = ({ kind, id }: { readonly kind: string; readonly id: string }): string => `${kind} ${id}`;

const columnsOf = ({ kind, id }: BudgetSubject) => ({ subject_kind: kind, subject_id: id });

const subjectOf = (row: { readonly subject_kind: string; readonly subject_id: string }): BudgetSubject => ({
  kind: row.subject_kind as BudgetSubject['kind'],
  id: row.subject_id,
});

const budgetRecord = (row: BudgetRow): BudgetRecord => ({
  subject: subjectOf(row),
  limits: JSON.parse(row.limits_json) as BudgetLimits,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
});

const spendingRecord = (row: SpendingRow): SpendingRecord => ({
  subject: subjectOf(row),
  period: row.period as SpendingRecord['period'],
  startedAt: row.started_at,
  requests: row.requests,
  tokens: row.tokens,
  usdNano: row.usd_nano,
  unpriced: row.unpriced,
});

const spendingRow = (record: SpendingRecord): SpendingRow => ({
  ...columnsOf(record.subject),
  period: record.period,
  started_at: record.startedAt,
  requests: record.requests,
  tokens: record.tokens,
  usd_nano: record.usdNano,
  unpriced: record.unpriced,
});
