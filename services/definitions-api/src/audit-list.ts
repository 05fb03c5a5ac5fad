import { type FilterQuery, raw } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { AuditEntry } from '@millrace/db';
import { z } from 'zod';
import { instant, rowId } from './answer-schema.ts';
import { type Page, pageParameters } from './pagination.ts';
import { notFound } from './problem.ts';

const word = z.string().regex(/^[a-z_-]{1,64}$/);

export const auditQuerySchema = z.strictObject({
  ...pageParameters,
  resource_type: word.optional(),
  resource_id: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,64}$/)
    .optional(),
  action: word.optional(),
  user_id: z
    .string()
    .regex(/^[\x20-\x7e]{1,128}$/)
    .optional(),
  /** Of or after this time. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Before this time. */
  to: z.iso.datetime({ offset: true }).optional(),
});

export const auditEntrySchema = z.strictObject({
  id: rowId,
  action: z.string(),
  resource_type: z.string(),
  resource_id: z.string().nullable(),
  /** Of the request, below /api/v1. */
  path: z.string(),
  user_id: z.string().nullable(),
  role: z.string(),
  authenticated_by: z.string(),
  request_id: z.string(),
  created_at: instant,
  /** What the resource was; null: there was none. */
  before: z.json(),
  /** What it became; null: it is gone. */
  after: z.json(),
  /** Whether `before` and `after` were left out here, as they are large: the entry by itself has them. */
  states_omitted: z.boolean(),
});

export type AuditEntryView = z.output<typeof auditEntrySchema>;
type Filters = Omit<z.output<typeof auditQuerySchema>, keyof Page>;

/** In a list; 200 entries of the largest definitions would be 100 MB. */
const mostListedStateBytes = 32_768;
const facts = [
  'id',
  'action',
  'resourceType',
  'resourceId',
  'path',
  'userId',
  'role',
  'authenticatedBy',
  'requestId',
  'createdAt',
] as const;
type Facts = Pick<AuditEntry, (typeof facts)[number]>;

/** The tenant's changes, the newest first. */
export async function listAudit(
  em: SqlEntityManager,
  { limit, offset }: Page,
  filters: Filters,
): Promise<{ items: AuditEntryView[]; total: number }> {
  const where = conditionsOf(filters);
  const options = { fields: [...facts], limit, offset, orderBy: { createdAt: 'desc', id: 'desc' } } as const;
  const [rows, total] = await em.findAndCount(AuditEntry, where, options);
  const small = raw('coalesce(length(state_before), 0) + coalesce(length(state_after), 0)');
  const states = await em.find(
    AuditEntry,
    { id: { $in: rows.map(({ id }) => id) }, [small]: { $lte: mostListedStateBytes } } as FilterQuery<AuditEntry>,
    { fields: ['id', 'stateBefore', 'stateAfter'], disableIdentityMap: true },
  );
  const stateById = new Map(states.map((row) => [row.id, row]));
  return { items: rows.map((row) => entryView(row, stateById.get(row.id))), total };
}

export async function getAuditEntry(em: SqlEntityManager, id: number): Promise<AuditEntryView> {
  const row = await em.findOne(AuditEntry, { id });
  if (!row) throw notFound();
  return entryView(row, row);
}

function conditionsOf(filters: Filters): FilterQuery<AuditEntry> {
  const { resource_type, resource_id, action, user_id, from, to } = filters;
  const createdAt = { ...(from ? { $gte: new Date(from) } : {}), ...(to ? { $lt: new Date(to) } : {}) };
  return {
    ...(resource_type ? { resourceType: resource_type } : {}),
    ...(resource_id ? { resourceId: resource_id } : {}),
    ...(action ? { action } : {}),
    ...(user_id ? { userId: user_id } : {}),
    ...(from || to ? { createdAt } : {}),
  };
}

function entryView(row: Facts, states: Pick<AuditEntry, 'stateBefore' | 'stateAfter'> | undefined): AuditEntryView {
  return {
    id: row.id,
    action: row.action,
    resource_type: row.resourceType,
    resource_id: row.resourceId ?? null,
    path: row.path,
    user_id: row.userId ?? null,
    role: row.role,
    authenticated_by: row.authenticatedBy,
    request_id: row.requestId,
    created_at: row.createdAt.toISOString(),
    before: (states?.stateBefore ?? null) as AuditEntryView['before'],
    after: (states?.stateAfter ?? null) as AuditEntryView['after'],
    states_omitted: states === undefined,
  };
}
