import {
  findExistingInstanceIds,
  findExistingTaskIds,
  findKnownLogRows,
  insertLogRows,
  type SeqRange,
  upsertActionExecutions,
  upsertScheduledExecutions,
} from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import { foldActionExecutions } from './action-executions.ts';
import { createLogRow, type LogItem } from './log-item.ts';
import { foldScheduledExecutions } from './scheduled-executions.ts';

type Connection = Parameters<typeof insertLogRows>[0];

const mostTries = 5;

/**
 * Inside a transaction: inserts the entries that are new, and projects only those, so that whatever counts them counts each
 * once. Entries of deleted instances are left out.
 */
export async function writeTransaction(
  connection: Connection,
  items: readonly LogItem[],
): Promise<{ inserted: number; repeated: number; dropped: number }> {
  let fresh = items;
  let repeated = 0;
  let dropped = 0;
  for (let tries = 1; ; tries++) {
    const outcome = await insertLogRows(connection, fresh.map(createLogRow));
    if (outcome === 'inserted') break;
    if (tries === mostTries)
      throw new RetryableError('log_rows_contended', `Expected the rows to settle, but they did not in ${tries} tries`);
    const left = outcome === 'duplicate' ? await withoutKnown(connection, fresh) : await withoutDeleted(connection, fresh);
    if (outcome === 'duplicate') repeated += fresh.length - left.length;
    else dropped += fresh.length - left.length;
    fresh = left;
  }
  await projectActions(connection, fresh);
  await projectOccurrences(connection, fresh);
  return { inserted: fresh.length, repeated, dropped };
}

async function withoutKnown(connection: Connection, items: readonly LogItem[]): Promise<LogItem[]> {
  const ranges: SeqRange[] = [];
  for (const { header, entry } of items) {
    const last = ranges.at(-1);
    if (last?.instanceId === header.instance_id) last.lastSeq = entry.seq;
    else ranges.push({ instanceId: header.instance_id, firstSeq: entry.seq, lastSeq: entry.seq });
  }
  const known = await findKnownLogRows(connection, ranges);
  return items.filter(({ header, entry }) => !known.has(`${header.instance_id}/${entry.seq}`));
}

async function withoutDeleted(connection: Connection, items: readonly LogItem[]): Promise<LogItem[]> {
  const existing = await findExistingInstanceIds(connection, [...new Set(items.map(({ header }) => header.instance_id))]);
  return items.filter(({ header }) => existing.has(header.instance_id));
}

async function projectActions(connection: Connection, items: readonly LogItem[]): Promise<void> {
  const rows = foldActionExecutions(items);
  const outcome = await upsertActionExecutions(connection, rows);
  if (outcome !== 'inserted')
    throw new RetryableError('action_missing', `Expected the actions of all entries to exist, but got ${outcome}`);
}

/** A task may be deleted while its last run goes on: the run's log stays, its occurrence has no row to belong to. */
async function projectOccurrences(connection: Connection, items: readonly LogItem[]): Promise<void> {
  const rows = foldScheduledExecutions(items);
  if ((await upsertScheduledExecutions(connection, rows)) === 'inserted') return;
  const existing = await findExistingTaskIds(connection, [...new Set(rows.map(({ taskId }) => taskId))]);
  await upsertScheduledExecutions(
    connection,
    rows.filter(({ taskId }) => existing.has(taskId)),
  );
}
