import type { KeyRecord } from '../access/index.ts';
import type { SourceKindName } from '../sources/index.ts';
import type { AuditRow, KeyRow, LinkRow, SourceRow } from './sqlite/tables.ts';
import type { AuditEntry, LifecycleState, LinkRecord, SourceRecord } from './types.ts';

/** Rows to records and back. Columns of closed sets are written only by this room, so they are read as such. */

export function sourceRecord(row: SourceRow): SourceRecord {
  return {
    name: row.name,
    kind: row.kind as SourceKindName,
    title: row.title ?? undefined,
    description: row.description ?? undefined,
    tags: JSON.parse(row.tags_json) as SourceRecord['tags'],
    team: row.team ?? undefined,
    visibility: row.visibility as SourceRecord['visibility'],
    state: row.state as LifecycleState,
    paused: row.paused === 1,
    deprecation:
      row.deprecation_reason === null
        ? undefined
        : { reason: row.deprecation_reason, sunsetAt: date(row.deprecation_sunset_at) },
    liveRevision: row.live_revision ?? undefined,
    latestRevision: row.latest_revision,
    policy: JSON.parse(row.policy_json) as SourceRecord['policy'],
    operationPolicies: JSON.parse(row.operation_policies_json) as SourceRecord['operationPolicies'],
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}

export function sourceRow(record: SourceRecord): SourceRow {
  return {
    name: record.name,
    kind: record.kind,
    title: record.title ?? null,
    description: record.description ?? null,
    tags_json: JSON.stringify(record.tags),
    team: record.team ?? null,
    visibility: record.visibility,
    state: record.state,
    paused: record.paused ? 1 : 0,
    deprecation_reason: record.deprecation?.reason ?? null,
    deprecation_sunset_at: record.deprecation?.sunsetAt?.getTime() ?? null,
    live_revision: record.liveRevision ?? null,
    latest_revision: record.latestRevision,
    policy_json: JSON.stringify(record.policy),
    operation_policies_json: JSON.stringify(record.operationPolicies),
    search_text: folded([record.name, record.title, record.description].filter((t) => t !== undefined).join('\n')),
    version: record.version,
    created_at: record.createdAt.getTime(),
    updated_at: record.updatedAt.getTime(),
  };
}

/** Text as it is compared in a search: without case, composed. */
export const folded = (text: string): string => text.normalize('NFC').toLowerCase();

export function linkRecord(row: LinkRow): LinkRecord {
  return {
    id: row.id,
    source: row.source,
    type: row.type,
    field: row.field,
    ...(row.description === null ? {} : { description: row.description }),
    target: row.target,
    operation: row.operation,
    arguments: JSON.parse(row.arguments_json) as LinkRecord['arguments'],
    ...(row.selected === null ? {} : { select: row.selected }),
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
  };
}

export function linkRow(link: LinkRecord): LinkRow {
  return {
    id: link.id,
    source: link.source,
    type: link.type,
    field: link.field,
    description: link.description ?? null,
    target: link.target,
    operation: link.operation,
    arguments_json: JSON.stringify(link.arguments),
    selected: link.select ?? null,
    created_at: link.createdAt.getTime(),
    created_by: link.createdBy,
  };
}

export function keyRecord(row: KeyRow): KeyRecord {
  return {
    id: row.id,
    name: row.name,
    role: row.role as KeyRecord['role'],
    hash: row.hash,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    expiresAt: date(row.expires_at),
    revokedAt: date(row.revoked_at),
  };
}

export function keyRow(key: KeyRecord): KeyRow {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    hash: key.hash,
    created_at: key.createdAt.getTime(),
    created_by: key.createdBy,
    expires_at: key.expiresAt?.getTime() ?? null,
    revoked_at: key.revokedAt?.getTime() ?? null,
  };
}

export function auditEntry(row: Omit<AuditRow, 'id'> & { readonly id: number }): AuditEntry {
  return {
    id: row.id,
    at: new Date(row.at),
    actor: { id: row.actor_id, name: row.actor_name },
    action: row.action,
    target: row.target,
    detail: JSON.parse(row.detail_json) as AuditEntry['detail'],
  };
}

const date = (at: number | null): Date | undefined => (at === null ? undefined : new Date(at));
