import {
  addActionStats,
  addWorkflowStats,
  findExistingInstanceIds,
  findExistingTaskIds,
  findKnownLogRows,
  insertLogRows,
  type SeqRange,
  upsertActionExecutions,
  upsertScheduledExecutions,
} from '@millrace/db';
import { RetryableError, TerminalError } from '@millrace/runtime';
import { foldActionExecutions } from './action-executions.ts';
import { foldActionStats } from './action-stats.ts';
import { foldInstanceStats } from './instance-stats.ts';
import { createLogRow, type LogItem } from './log-item.ts';
import { foldScheduledExecutions } from './scheduled-executions.ts';

type Connection = Parameters<typeof insertLogRows>[0];

const mostTries = 5;

/**
 * Inside a transaction: inserts the entries that are new, and projects only those, so that whatever counts them counts each
 * once. Entries of deleted instances are left out. Throws TerminalError where an entry refers to what never was.
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
    if (tries === mostTries) throw contended(tries);
    const left = outcome === 'duplicate' ? await withoutKnown(connection, fresh) : await withoutDeleted(connection, fresh);
    if (outcome === 'duplicate') repeated += fresh.length - left.length;
    else if (left.length === fresh.length)
      throw new TerminalError('workflow_missing', 'Expected the workflow of every entry to exist, but one does not');
    else dropped += fresh.length - left.length;
    fresh = left;
  }
  await projectActions(connection, fresh);
  await projectOccurrences(connection, fresh);
  // Last, as other writers wait for these rows until the commit.
  await addActionStats(connection, foldActionStats(fresh));
  await addWorkflowStats(connection, foldInstanceStats(fresh));
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

/** The entries' rows keep their instances from being deleted meanwhile, and those keep their actions: what is missing never was. */
async function projectActions(connection: Connection, items: readonly LogItem[]): Promise<void> {
  if ((await upsertActionExecutions(connection, foldActionExecutions(items))) === 'inserted') return;
  throw new TerminalError('action_missing', 'Expected the action of every entry to exist, but one does not');
}

/** A task may be deleted while its last run goes on: the run's log stays, its occurrence has no row to belong to. */
async function projectOccurrences(connection: Connection, items: readonly LogItem[]): Promise<void> {
  let rows = foldScheduledExecutions(items);
  for (let tries = 1; (await upsertScheduledExecutions(connection, rows)) !== 'inserted'; tries++) {
    if (tries === mostTries) throw contended(tries);
    const existing = await findExistingTaskIds(connection, [...new Set(rows.map(({ taskId }) => taskId))]);
    rows = rows.filter(({ taskId }) => existing.has(taskId));
  }
}

function contended(tries: number): RetryableError {
  return new RetryableError('log_rows_contended', `Expected the rows to settle, but they did not in ${tries} tries`);
}
