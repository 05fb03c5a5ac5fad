import { createHash } from 'node:crypto';
import {
  addActionStats,
  addWorkflowStats,
  type Database,
  hexLiteral,
  insertLogRows,
  integerLiteral,
  textLiteral,
  timeLiteral,
  upsertActionExecutions,
} from '@millrace/db';
import type { ExecutionLog, LogEntry } from '@millrace/messages';
import type { WorkflowVersion } from '@millrace/workflow';
import { foldActionExecutions } from '../../../services/audit-logger/src/action-executions.ts';
import { foldActionStats } from '../../../services/audit-logger/src/action-stats.ts';
import { foldInstanceStats } from '../../../services/audit-logger/src/instance-stats.ts';
import { createLogRow, type LogItem, orderItems } from '../../../services/audit-logger/src/log-item.ts';
import { logsOf } from './audit-rows.ts';

/** The instances of a tenant over some time, the first the oldest: the same ones whenever they are asked for. */
export interface History {
  versions: readonly WorkflowVersion[];
  instances: number;
  fromMs: number;
  toMs: number;
}

const instancesAtOnce = 500;

export function createdAtOf({ instances, fromMs, toMs }: History, number: number): number {
  return fromMs + Math.floor(((toMs - fromMs) * number) / instances);
}

/** As scattered as those of real instances. */
export function idOf(number: number): string {
  return createHash('md5').update(`history ${number}`).digest('hex');
}

/** Every twentieth fails, every fortieth is cancelled; the newest five hundred are parked. */
function statusOf({ instances }: History, number: number): 'completed' | 'failed' | 'cancelled' | 'running' {
  if (number >= instances - 500) return 'running';
  if (number % 20 === 7) return 'failed';
  return number % 40 === 11 ? 'cancelled' : 'completed';
}

/** Workflows differ: the first of a hundred has some fifty times the instances of the last. */
export function versionOf({ versions }: History, number: number): WorkflowVersion {
  const share = ((number * 2_654_435_761) % 2 ** 32) / 2 ** 32;
  return versions[Math.floor(share ** 3 * versions.length)] as WorkflowVersion;
}

/** The instances as they are inserted: the numbers of each transaction. */
export function chunksOf({ instances }: History): number[][] {
  return Array.from({ length: Math.ceil(instances / instancesAtOnce) }, (_, chunk) =>
    Array.from({ length: Math.min(instancesAtOnce, instances - chunk * instancesAtOnce) }, (_, offset) => chunk * instancesAtOnce + offset),
  );
}

/** Inserts instances with their log, action executions and roll-ups, as executor and audit logger leave them, in one transaction. */
export async function insertHistory({ transaction }: Database, history: History, numbers: readonly number[]): Promise<void> {
  const itemsByNumber = new Map(numbers.map((number) => [number, itemsOf(history, number)]));
  const items = orderItems([...itemsByNumber.values()].flat());
  const instances = [...itemsByNumber].map(([number, own]) => instanceSql(history, number, own)).sort();
  await transaction(async (connection) => {
    // What they refer to is there.
    await connection.query('SET SESSION foreign_key_checks = 0, unique_checks = 0');
    await connection.query(
      `INSERT INTO workflow_instances (id, tenant_id, workflow_id, workflow_version, entity_type, entity_id, triggered_by, triggered_by_value,
         status, progress, executed_actions, row_version, journal, published_seq, wake_at, waiting_for, started_at, completed_at, created_at, updated_at)
       VALUES ${instances.join(',')}`,
    );
    await insertLogRows(connection, items.map(createLogRow));
    await upsertActionExecutions(connection, foldActionExecutions(items));
    await addActionStats(connection, foldActionStats(items));
    await addWorkflowStats(connection, foldInstanceStats(items));
    await connection.query('SET SESSION foreign_key_checks = 1, unique_checks = 1');
  });
}

function itemsOf(history: History, number: number): LogItem[] {
  const status = statusOf(history, number);
  const logs = logsOf(versionOf(history, number), idOf(number), createdAtOf(history, number));
  return logs.flatMap(({ entries, ...header }: ExecutionLog) =>
    entries.map((entry) => ({ header, entry: entry.seq === 5 ? lastOf(entry, status) : entry, record: noRecord })),
  );
}

/** Nobody asks where it came from. */
const noRecord = {} as LogItem['record'];

function lastOf(entry: LogEntry, status: string): LogEntry {
  if (status === 'running') return { ...entry, type: 'event_received', status: null, duration_ms: null };
  return { ...entry, type: `instance_${status}`, status };
}

function instanceSql(history: History, number: number, items: readonly LogItem[]): string {
  const { tenant_id: tenantId, id: workflowId } = versionOf(history, number);
  const status = statusOf(history, number);
  const createdAtMs = createdAtOf(history, number);
  const isLive = status === 'running';
  const lead = textLiteral(`lead-${idOf(number)}`);
  const journal = textLiteral(JSON.stringify(items.map(({ entry }) => entry)));
  const end = isLive ? 'NULL' : timeLiteral(createdAtMs + 5);
  const wake = isLive ? `${timeLiteral(history.toMs + 365 * 86_400_000)},'delay'` : 'NULL,NULL';
  const at = timeLiteral(createdAtMs);
  return `(${hexLiteral(idOf(number))},${textLiteral(tenantId)},${integerLiteral(workflowId)},1,'lead',${lead},'event',${lead},'${status}',${
    isLive ? 50 : 100
  },3,3,${journal},5,${wake},${at},${end},${at},${at})`;
}
