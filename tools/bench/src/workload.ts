import { randomUUID } from 'node:crypto';
import type { CrmEvent } from '@millrace/messages';
import { aLeadCreated, eventually, type Millrace } from '@millrace/testing';
import type { RowDataPacket } from 'mysql2/promise';

/** Workload W: one condition, three trivial actions, each of which reads the one before, so that each result is durable before the next. */
export const workflowW = {
  name: 'W',
  enabled: true,
  triggers: [{ trigger_type: 'lead_created', conditions: [{ field: 'lead_score', operator: 'greater_than_or_equal', value: 10 }] }],
  actions: [
    { name: 'first', action_type: 'add_tag', action_config: { tag: 'first' } },
    { name: 'second', action_type: 'add_tag', action_config: { tag: 'after {{ actions.first.status }}' } },
    { name: 'third', action_type: 'add_tag', action_config: { tag: 'after {{ actions.second.status }}' } },
  ],
};

/** Log rows of an instance of W: start, three actions, end. */
export const logRowsOfW = 5;

/** A workflow for new leads, and what each of its instances leaves behind. */
export interface Work {
  workflow: object;
  /** On the way that it takes, a branch as well. */
  actions: number;
  /** Of these, what `executed_actions` counts: not a branch. */
  leaves: number;
  logRows: number;
}

export const workW: Work = {
  workflow: workflowW,
  actions: workflowW.actions.length,
  leaves: workflowW.actions.length,
  logRows: logRowsOfW,
};

/** So many trivial actions, each of which reads the one before. */
export function chainOf(count: number, name: string): object[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `${name}_${at}`,
    action_type: 'add_tag',
    action_config: { tag: at === 0 ? name : `after {{ actions.${name}_${at - 1}.status }}` },
  }));
}

export function leadEvents(tenantId: string, count: number, padding = ''): CrmEvent[] {
  // Whole: of a part, two of a long run's many calls would be the same one, and their events repeats.
  const run = randomUUID();
  return Array.from({ length: count }, (_, number) =>
    aLeadCreated(
      { tenant_id: tenantId, event_id: `${run}-${number}`, entity_id: `lead-${run}-${number}` },
      { company: `Company ${padding}` },
    ),
  );
}

/** Publishes in batches, as fast as the brokers take them: a batch has to fit one request for one partition, so few of large events. */
export async function publishAll({ crm }: Millrace, events: readonly CrmEvent[], batch = 1_000): Promise<void> {
  for (let from = 0; from < events.length; from += batch) await crm.publish(events.slice(from, from + batch));
}

export async function newestLogId({ installation }: Millrace): Promise<number> {
  const [rows] = await installation.database.pool.query<RowDataPacket[]>('SELECT MAX(id) AS newest FROM workflow_execution_logs');
  return Number(rows[0]?.newest ?? 0);
}

/** Resolved once a tenant has this many log rows, all above `sinceId`. They are counted only when so many may be there: counting costs the database. */
export function logRows(millrace: Millrace, tenantId: string, count: number, sinceId: number, timeoutMs: number): Promise<void> {
  const { installation } = millrace;
  return eventually(
    async () => {
      const newest = (await newestLogId(millrace)) - sinceId;
      if (newest < count) throw new Error(`Expected ${count} log rows of ${tenantId}, but at most ${newest} are there`);
      const [rows] = await installation.database.pool.query<RowDataPacket[]>(
        'SELECT COUNT(*) AS logged FROM workflow_execution_logs WHERE tenant_id = ?',
        [tenantId],
      );
      const logged = Number(rows[0]?.logged);
      if (logged < count) throw new Error(`Expected ${count} log rows of ${tenantId}, but there are ${logged}`);
    },
    { timeoutMs, everyMs: 50 },
  );
}

/** What doesn't add up of a tenant's instances of W, as texts; none where every event is one completed instance with a log without a gap. */
export const accountsOfW = (millrace: Millrace, tenantId: string, events: number): Promise<string[]> =>
  accountsOf(millrace, tenantId, events, workW);

/** The same for any work. */
export async function accountsOf({ installation }: Millrace, tenantId: string, events: number, work: Work): Promise<string[]> {
  const { pool } = installation.database;
  const [[instances]] = await pool.query<RowDataPacket[]>(
    "SELECT COUNT(*) AS all_of_them, SUM(status = 'completed') AS completed, SUM(executed_actions) AS executed FROM workflow_instances WHERE tenant_id = ?",
    [tenantId],
  );
  const [[log]] = await pool.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS entries, COUNT(DISTINCT instance_id) AS instances, MAX(seq) AS last FROM workflow_execution_logs WHERE tenant_id = ?',
    [tenantId],
  );
  const expected = {
    instances: [Number(instances?.all_of_them), events],
    completed: [Number(instances?.completed), events],
    'executed actions': [Number(instances?.executed), events * work.leaves],
    'log rows': [Number(log?.entries), events * work.logRows],
    'instances in the log': [Number(log?.instances), events],
    'last seq': [Number(log?.last), work.logRows],
  };
  return Object.entries(expected).flatMap(([what, [found, wanted]]) => (found === wanted ? [] : [`${what}: ${found}, expected ${wanted}`]));
}
