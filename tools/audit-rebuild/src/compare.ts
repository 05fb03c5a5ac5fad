import type { RowDataPacket } from 'mysql2/promise';
import { groupsOf, keyOf, pair, type Reader, type Row, textOf } from './rows.ts';

/** What may be missing on one side without a fault. */
export interface Bounds {
  /** By instance, the highest seq that was read from the topic. */
  lastSeqById: ReadonlyMap<string, number>;
  /** Entries from before may be gone from the topic, ms; 0: the topic has all that there ever was. */
  oldestMs: number;
  /** Whether nothing was written to the topic since it was read. */
  isQuiet: boolean;
  nowMs: number;
}

export interface Difference {
  table: string;
  /** The row's natural key. */
  row: string;
  kind: 'only_live' | 'only_rebuilt' | 'differs';
  /** The columns that differ. */
  columns?: string[];
}

export interface Comparison {
  equal: number;
  /** Rows whose entries the topic no longer has. */
  older: number;
  /** Rows of what happened after the topic was read, or of instances that were started or removed meanwhile. */
  moving: number;
  differences: Difference[];
}

const dayMs = 86_400_000;
const cleanupAfterDays = 8;

type Verdict = 'older' | 'moving' | 'fault';

/** How a table of instances' or tasks' history is compared. */
interface TableRule {
  table: string;
  group: string;
  /** What tells the rows of a group apart. */
  keys: readonly string[];
  /** Of the newest entry that a row knows of. */
  seqColumn: string;
  /** When its oldest and its newest entry were. */
  bornColumn: string;
  changedColumn: string;
}

const rules: readonly TableRule[] = [
  {
    table: 'workflow_execution_logs',
    group: 'instance_id',
    keys: ['seq'],
    seqColumn: 'seq',
    bornColumn: 'created_at',
    changedColumn: 'created_at',
  },
  {
    table: 'workflow_action_executions',
    group: 'instance_id',
    keys: ['action_id'],
    seqColumn: 'last_seq',
    bornColumn: 'created_at',
    changedColumn: 'updated_at',
  },
  {
    table: 'scheduled_task_executions',
    group: 'task_id',
    keys: ['scheduled_for'],
    seqColumn: 'last_seq',
    bornColumn: 'created_at',
    changedColumn: 'created_at',
  },
];

/** Compares the history that was rebuilt with the live one, row by row. */
export async function compareHistory(live: Reader, copy: Reader, bounds: Bounds): Promise<Map<string, Comparison>> {
  const results = new Map<string, Comparison>();
  for (const rule of rules) results.set(rule.table, await compareTable(rule, live, copy, bounds));
  return results;
}

async function compareTable(rule: TableRule, live: Reader, copy: Reader, bounds: Bounds): Promise<Comparison> {
  const { table, group, keys } = rule;
  const result: Comparison = { equal: 0, older: 0, moving: 0, differences: [] };
  const idOf = (row: Row) => keys.map((key) => keyOf(row[key])).join('/');
  for await (const [key, liveRows, copyRows] of pair(groupsOf(live, table, group), groupsOf(copy, table, group))) {
    const rebuilt = new Map(copyRows.map((row) => [idOf(row), row]));
    const unpaired: [Row | undefined, Row | undefined][] = [];
    for (const row of liveRows) {
      const other = rebuilt.get(idOf(row));
      rebuilt.delete(idOf(row));
      if (other !== undefined && textOf(row) === textOf(other)) result.equal += 1;
      else unpaired.push([row, other]);
    }
    for (const row of rebuilt.values()) unpaired.push([undefined, row]);
    for (const [row, other] of unpaired) {
      const verdict = await judge(rule, row, other, { live, copy, bounds });
      if (verdict === 'fault') result.differences.push(differenceOf(table, `${key}/${idOf((row ?? other) as Row)}`, row, other));
      else result[verdict] += 1;
    }
  }
  return result;
}

interface Sides {
  live: Reader;
  copy: Reader;
  bounds: Bounds;
}

async function judge(rule: TableRule, row: Row | undefined, other: Row | undefined, { live, copy, bounds }: Sides): Promise<Verdict> {
  const { lastSeqById, oldestMs, isQuiet, nowMs } = bounds;
  const either = (row ?? other) as Row;
  const instance = either.instance_id as Buffer;
  const last = lastSeqById.get(instance.toString('hex')) ?? 0;
  if (row === undefined) {
    if (!(await hasInstance(live, instance))) return 'moving';
    return (either[rule.changedColumn] as Date).getTime() < nowMs - cleanupAfterDays * dayMs ? 'older' : 'fault';
  }
  if ((row[rule.bornColumn] as Date).getTime() < oldestMs) return 'older';
  if (!isQuiet && (row[rule.seqColumn] as number) > last) return 'moving';
  return other === undefined && !(await hasInstance(copy, instance)) ? 'moving' : 'fault';
}

async function hasInstance(reader: Reader, id: Buffer): Promise<boolean> {
  const [rows] = await reader.query<RowDataPacket[]>('SELECT 1 FROM workflow_instances WHERE id = ?', [id]);
  return rows.length > 0;
}

export function differenceOf(table: string, key: string, row: Row | undefined, other: Row | undefined): Difference {
  if (row === undefined) return { table, row: key, kind: 'only_rebuilt' };
  if (other === undefined) return { table, row: key, kind: 'only_live' };
  const columns = Object.keys(row).filter((name) => textOf({ value: row[name] }) !== textOf({ value: other[name] }));
  return { table, row: key, kind: 'differs', columns };
}
