import type { OutRecord } from '@millrace/bus';
import { type Database, parseJson, translateDatabaseError } from '@millrace/db';
import { type Codec, partitionForTenant, topics, type WorkflowDefinition } from '@millrace/messages';
import { counter, type Logger, type Loop, startLoop } from '@millrace/runtime';
import type { CommandSender } from './command-sender.ts';
import type { WorkflowVersion } from './definition.ts';

export interface RelayOptions {
  database: Database;
  sender: CommandSender;
  codec: Codec;
  logger: Logger;
  /** How long the relay sleeps when nobody wakes it; 1 s unless given. */
  everyMs?: number;
}

interface MarkedRow {
  workflow_id: number;
  mark: number;
  tenant_id: string;
  version: number;
  enabled: number;
  deleted_at: Date | null;
  definition: unknown;
}

const mostAtOnce = 200;
const published = counter('millrace_definitions_published_total', 'Definitions published to workflow.definitions.');

/**
 * Publishes what is marked in `outbox_messages` to `workflow.definitions`. `wake` after a change has committed; the loop finds
 * by itself what a process that died has left. Several may run: a state published late is followed by the newer one again.
 */
export function startRelay({ everyMs = 1_000, logger, ...options }: RelayOptions): Loop {
  return startLoop({
    name: 'definitions-relay',
    everyMs,
    logger,
    runOnce: async (signal) => {
      for (let count = mostAtOnce; count === mostAtOnce && !signal.aborted; ) count = await relayOnce(options);
    },
  });
}

async function relayOnce({ database, sender, codec }: Omit<RelayOptions, 'everyMs' | 'logger'>): Promise<number> {
  const rows = await findMarked(database);
  const sent = await Promise.allSettled(
    rows.map(async (row) => {
      const at = new Date();
      await sender.send(await definitionRecord(codec, row, at));
      await settleMark(database, row, at);
      published.add(1);
    }),
  );
  const failed = sent.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return rows.length;
}

/** The workflow's current state, whatever change the mark came from; a version's definition never changes. */
async function findMarked({ pool }: Database): Promise<MarkedRow[]> {
  try {
    const [rows] = await pool.query(
      `select o.workflow_id, o.mark, w.tenant_id, w.version, w.enabled, w.deleted_at, v.definition
         from outbox_messages o
         join workflows w on w.id = o.workflow_id
         join workflow_versions v on v.workflow_id = w.id and v.version = w.version
        order by o.created_at, o.workflow_id
        limit ${mostAtOnce}`,
    );
    return rows as MarkedRow[];
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

async function definitionRecord(codec: Codec, row: MarkedRow, at: Date): Promise<OutRecord> {
  const definition = definitionMessage(parseJson<WorkflowVersion>(row.definition), row.deleted_at !== null, at);
  return recordOf(row.tenant_id, row.workflow_id, await codec.encode(topics.workflowDefinitions, definition));
}

/** A record of a workflow's definition; null is its tombstone. */
export function recordOf(tenantId: string, workflowId: number, value: Buffer | null): OutRecord {
  return {
    topic: topics.workflowDefinitions,
    tenantId,
    key: `${tenantId}/${workflowId}`,
    partition: partitionForTenant(tenantId, topics.workflowDefinitions.partitions),
    value,
  };
}

/** What matchers and executors need of a version. */
export function definitionMessage(definition: WorkflowVersion, deleted: boolean, at: Date): WorkflowDefinition {
  return {
    tenant_id: definition.tenant_id,
    workflow_id: definition.id,
    version: definition.version,
    name: definition.name,
    enabled: definition.enabled && !deleted,
    deleted,
    on_disable: definition.on_disable,
    published_at: at.getTime(),
    triggers: deleted
      ? []
      : definition.triggers.map(({ id, trigger_type, trigger_config, conditions }) => ({
          trigger_id: id,
          trigger_type,
          trigger_config: JSON.stringify(trigger_config),
          conditions: conditions === null ? null : JSON.stringify(conditions),
        })),
    waits_for: deleted ? [] : definition.waits_for,
  };
}

/**
 * Takes the mark away if it still is the one that was read. Where a change came in between, or another relay was quicker and this
 * one's record landed after a newer one, the mark stays or is set again, so that the newest state is published last.
 */
async function settleMark({ pool }: Database, row: MarkedRow, at: Date): Promise<void> {
  try {
    await pool.query('update workflows set published_at = ? where id = ? and version = ? and published_at is null', [
      at,
      row.workflow_id,
      row.version,
    ]);
    await pool.query('delete from outbox_messages where workflow_id = ? and mark = ?', [row.workflow_id, row.version]);
    await pool.query(
      `insert into outbox_messages (workflow_id, tenant_id, mark)
       select id, tenant_id, version from workflows where id = ? and version > ?
       on duplicate key update mark = mark`,
      [row.workflow_id, row.version],
    );
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
