import type { FilterQuery } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/mysql';
import { WorkflowInstance } from '@millrace/db';
import { z } from 'zod';
import { type InstanceRow, instanceFields, instanceSchema, instanceStatuses, instanceView } from './instance-view.ts';
import { momentParameter } from './moment-parameter.ts';
import { listSchema, pageParameters } from './pagination.ts';
import { findStatusesLeft, sumOf } from './statistics/instance-counts.ts';

/** A place in the order of instances, the newest first. */
interface Position {
  createdAt: Date;
  id: string;
}

const cursorPattern = /^(\d{1,14})-([0-9a-f]{32})$/;
const cursorParameter = z
  .string()
  .regex(cursorPattern, 'Expected the next_cursor of another page, but got another text')
  .transform((text): Position => {
    const [, ms = '', id = ''] = cursorPattern.exec(text) ?? [];
    return { createdAt: new Date(Number(ms)), id };
  });

/** The query of lists of instances. `from` (included) and `to` (not) are about `created_at`. */
export const instanceListParameters = {
  ...pageParameters,
  /** The `next_cursor` of the page before; reaches further than `offset`. */
  cursor: cursorParameter.optional(),
  status: z.enum(instanceStatuses).optional(),
  entity_type: z.string().min(1).max(64).optional(),
  entity_id: z.string().min(1).max(128).optional(),
  from: momentParameter.optional(),
  to: momentParameter.optional(),
};

type InstanceListQuery = { workflow_id?: number | undefined } & z.output<z.ZodObject<typeof instanceListParameters>>;

/**
 * By status and entity a page looks through 10,000 instances: it may hold fewer than `limit`, even none, and still have a `next_cursor`.
 * `total` counts up to 10,000; of all of a tenant or a workflow, or those in a status, it is the statistics' own where there are over 1,000.
 */
export const instanceListSchema = listSchema(instanceSchema).extend({
  total_is_exact: z.boolean(),
  /** Null on the last page. */
  next_cursor: z.string().nullable(),
});

/** Only tenant, workflow and time have an index: each row that is asked for more costs a look at it. */
const mostLookedAt = 10_000;
/** More are not counted one by one where the roll-ups know: of a workflow, that is a look at each row. */
const mostCounted = 1_000;
const newestFirst = { createdAt: 'desc', id: 'desc' } as const;
type Where = FilterQuery<WorkflowInstance>;

/** The instances that the query's filters let through, the newest first. */
export async function listInstances(em: SqlEntityManager, query: InstanceListQuery): Promise<z.input<typeof instanceListSchema>> {
  const { limit, offset, cursor } = query;
  const many = await countMany(em, query);
  const newest = hasFilters(query) || hasTimes(query) ? await findEnd(em, query, undefined) : null;
  const end = cursor && hasFilters(query) ? await findEnd(em, query, cursor) : newest;
  const rows: InstanceRow[] = await em.find(WorkflowInstance, whereOf(query, cursor, end), {
    fields: [...instanceFields],
    limit: limit + 1,
    offset,
    orderBy: newestFirst,
  });
  const items = rows.slice(0, limit);
  const isLookedThrough = hasFilters(query) && end?.isLast === false;
  const next = rows.length > limit ? items.at(-1) : isLookedThrough ? end.last : undefined;
  return {
    items: items.map(instanceView),
    ...(many === null ? await countInstances(em, query, newest) : { total: many, total_is_exact: true }),
    limit,
    offset,
    next_cursor: next ? `${next.createdAt.getTime()}-${next.id}` : null,
  };
}

/** How many there are by the roll-ups, which the log may be a little ahead of; null where those don't know, or so few are counted better. */
async function countMany(em: SqlEntityManager, query: InstanceListQuery): Promise<number | null> {
  const { workflow_id: workflowId = 0, status, entity_type, entity_id } = query;
  if (entity_type !== undefined || entity_id !== undefined || hasTimes(query)) return null;
  const left = await findStatusesLeft(em, workflowId);
  if (sumOf(left) <= mostCounted) return null;
  return status === undefined ? sumOf(left) : left[status];
}

async function countInstances(
  em: SqlEntityManager,
  query: InstanceListQuery,
  newest: End | null,
): Promise<{ total: number; total_is_exact: boolean }> {
  const isExact = newest?.isLast ?? true;
  if (newest && !hasFilters(query)) return { total: mostLookedAt, total_is_exact: isExact };
  return { total: await em.count(WorkflowInstance, whereOf(query, undefined, newest)), total_is_exact: isExact };
}

/** The last of the instances that a page looks at, and whether it is the last of all. */
interface End {
  last: Position;
  isLast: boolean;
}

/** Null where there are fewer than a page looks at. */
async function findEnd(em: SqlEntityManager, query: InstanceListQuery, from: Position | undefined): Promise<End | null> {
  const [last, following] = await em.find(WorkflowInstance, inTime(query, from), {
    fields: ['id', 'createdAt'],
    limit: 2,
    offset: mostLookedAt - 1,
    orderBy: newestFirst,
  });
  return last ? { last, isLast: following === undefined } : null;
}

function hasFilters({ status, entity_type, entity_id }: InstanceListQuery): boolean {
  return status !== undefined || entity_type !== undefined || entity_id !== undefined;
}

function hasTimes({ from, to }: InstanceListQuery): boolean {
  return from !== undefined || to !== undefined;
}

/** What the indexes answer: tenant, workflow, time, and the place to go on from. */
function inTime({ workflow_id, from, to }: InstanceListQuery, after: Position | undefined): Where {
  return {
    $and: [
      ...(workflow_id === undefined ? [] : [{ workflowId: workflow_id }]),
      ...(from ? [{ createdAt: { $gte: from } }] : []),
      ...(to ? [{ createdAt: { $lt: to } }] : []),
      ...(after
        ? [{ createdAt: { $lte: after.createdAt } }, { $or: [{ createdAt: { $lt: after.createdAt } }, { id: { $lt: after.id } }] }]
        : []),
    ],
  };
}

function whereOf(query: InstanceListQuery, after: Position | undefined, end: End | null): Where {
  const { status, entity_type, entity_id } = query;
  const last = end?.last;
  if (!hasFilters(query)) return inTime(query, after);
  return {
    $and: [
      inTime(query, after),
      ...(last
        ? [{ createdAt: { $gte: last.createdAt } }, { $or: [{ createdAt: { $gt: last.createdAt } }, { id: { $gte: last.id } }] }]
        : []),
      ...(status === undefined ? [] : [{ status }]),
      ...(entity_type === undefined ? [] : [{ entityType: entity_type }]),
      ...(entity_id === undefined ? [] : [{ entityId: entity_id }]),
    ],
  };
}
