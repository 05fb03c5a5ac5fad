import { randomUUID } from 'node:crypto';
import type { Bus } from '@millrace/bus';
import { type Database, holdLease, releaseLease, translateDatabaseError } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { counter, type Logger, type Loop, startLoop } from '@millrace/runtime';
import type { RowDataPacket } from 'mysql2/promise';
import type { CommandSender } from './command-sender.ts';
import { readDefinitionsTopic, type TopicState } from './definitions-topic.ts';
import { recordOf } from './relay.ts';
import { purgeWorkflows } from './workflow-purge.ts';

export interface UpkeepOptions {
  database: Database;
  bus: Bus;
  sender: CommandSender;
  codec: Codec;
  logger: Logger;
  /** Called when there is something for the relay. */
  onMarked: () => void;
}

const everyMs = 10 * 60_000;
const lease = 'definitions-upkeep';
const leaseMs = everyMs + 60_000;
const pageSize = 1_000;
/** Readers that were away for less see that a workflow was deleted, not only that it isn't there. */
const tombstoneAfterDays = 7;

const repaired = counter('millrace_definitions_repaired_total', 'Definitions whose record in the topic was not that of the tables.');

/**
 * Every ten minutes, in one process of several: makes the topic say what the tables say, takes workflows out of it that were deleted a week
 * ago, and removes their rows once no instance refers to them.
 */
export function startDefinitionsUpkeep(options: UpkeepOptions): Loop {
  const holder = randomUUID();
  const { database, logger } = options;
  const loop = startLoop({
    name: 'definitions-upkeep',
    everyMs,
    logger,
    runOnce: async (signal) => {
      if (!(await holdLease(database.pool, lease, holder, leaseMs))) return;
      await repairDefinitions(options, signal);
      await tombstoneDeleted(options);
      await purgeWorkflows(database);
    },
  });
  return {
    wake: loop.wake,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      await releaseLease(database.pool, lease, holder).catch(() => {});
    },
  };
}

interface WorkflowState extends RowDataPacket {
  id: number;
  tenant_id: string;
  version: number;
  is_tombstoned: number;
}

/**
 * Compares the topic with the tables, which are right: what differs is marked for the relay, what has no row gets a tombstone. The topic is
 * read first: every record in it was committed before, so that a workflow made meanwhile is never taken for one that has no row.
 */
export async function repairDefinitions(options: UpkeepOptions, signal: AbortSignal): Promise<void> {
  const state = await readDefinitionsTopic({ ...options, signal });
  const { database, onMarked } = options;
  for (let after = 0; !signal.aborted; ) {
    const [page] = await database.pool.query<WorkflowState[]>(
      'select id, tenant_id, version, tombstoned_at is not null as is_tombstoned from workflows where id > ? order by id limit ?',
      [after, pageSize],
    );
    const different = page.filter((row) => takeDifference(state, row));
    if (different.length > 0) {
      await markWorkflows(database, different);
      repaired.add(different.length);
      onMarked();
    }
    const last = page.at(-1);
    if (page.length < pageSize || !last) break;
    after = last.id;
  }
  if (!signal.aborted) await buryUnknown(options, state);
}

/** Whether the topic should say something else about a workflow that belongs there; what is left in the state has no such workflow. */
function takeDifference(state: TopicState, { id, tenant_id, version, is_tombstoned }: WorkflowState): boolean {
  if (is_tombstoned) return false;
  const key = `${tenant_id}/${id}`;
  const seen = state.get(key);
  state.delete(key);
  return seen !== version;
}

async function markWorkflows({ pool }: Database, rows: readonly WorkflowState[]): Promise<void> {
  await pool.query(
    `insert into outbox_messages (workflow_id, tenant_id, mark)
     select id, tenant_id, version from workflows where id in (?) and tombstoned_at is null
     on duplicate key update mark = mark`,
    [rows.map(({ id }) => id)],
  );
}

async function buryUnknown({ sender, logger }: UpkeepOptions, state: TopicState): Promise<void> {
  const keys = [...state].filter(([, version]) => version !== null).map(([key]) => key);
  for (const key of keys) {
    const slash = key.indexOf('/');
    const workflowId = Number(key.slice(slash + 1));
    if (slash < 1 || !Number.isSafeInteger(workflowId)) {
      logger.warn({ key }, 'a record of no workflow is in the topic of definitions');
      continue;
    }
    await sender.send(recordOf(key.slice(0, slash), workflowId, null));
    repaired.add(1);
  }
}

/** Takes workflows out of the topic that were deleted a week ago. A tombstone that was sent and not written down is sent again. */
export async function tombstoneDeleted({ database, sender }: Pick<UpkeepOptions, 'database' | 'sender'>): Promise<number> {
  try {
    const [rows] = await database.pool.query<WorkflowState[]>(
      `select w.id, w.tenant_id from workflows w left join outbox_messages o on o.workflow_id = w.id
        where w.deleted_at <= utc_timestamp(3) - interval ${tombstoneAfterDays} day and w.tombstoned_at is null and o.workflow_id is null
        order by w.deleted_at limit ${pageSize}`,
    );
    await Promise.all(rows.map(({ tenant_id, id }) => sender.send(recordOf(tenant_id, id, null))));
    if (rows.length > 0) {
      await database.pool.query('update workflows set tombstoned_at = utc_timestamp(3) where id in (?)', [rows.map(({ id }) => id)]);
    }
    return rows.length;
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
