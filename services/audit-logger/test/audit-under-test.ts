import { insertInstances } from '@millrace/db';
import { type ExecutionLog, type LogEntry, topics } from '@millrace/messages';
import {
  createInstallation,
  type DeadLetters,
  eventually,
  freePort,
  type Installation,
  insertWorkflow,
  readDeadLetters,
  type ServiceProcess,
  startService,
} from '@millrace/testing';
import { aLog, anActionEntry, anEntry, now } from './log-entries.ts';

export interface AuditUnderTest extends AsyncDisposable {
  installation: Installation;
  deadLetters: DeadLetters;
  workflowId: number;
  actionIds: readonly number[];
  start(env?: Record<string, string>): Promise<ServiceProcess>;
  /** Instances of the workflow as the executor would have committed them. */
  addInstances(count: number): Promise<string[]>;
  addTask(): Promise<number>;
  /** A log record of an instance of the workflow. */
  logOf(instanceId: string, overrides?: Partial<ExecutionLog>): ExecutionLog;
  /** Puts log records on their topic; in order where they are of one instance. */
  publish(...logs: ExecutionLog[]): Promise<void>;
  /** All rows of a table but for their surrogate ids. */
  read(table: AuditTable, instanceId?: string): Promise<Record<string, unknown>[]>;
  /** Resolved once there are so many log rows of these instances. */
  logged(instanceIds: readonly string[], rows: number): Promise<void>;
}

type AuditTable = 'workflow_execution_logs' | 'workflow_action_executions' | 'scheduled_task_executions';

let instances = 0;

export async function createAuditTest(): Promise<AuditUnderTest> {
  const stack = new AsyncDisposableStack();
  const installation = stack.use(await createInstallation('audit-logger'));
  const deadLetters = stack.use(await readDeadLetters(installation, topics.executionLog));
  const { pool } = installation.database;
  const action = { action_type: 'add_tag', action_config: { tag: 'hot' } };
  const workflow = await insertWorkflow(installation, 'acme', [action, action, action]);
  const read = async (table: AuditTable, instanceId?: string) => {
    const where = instanceId === undefined ? '' : `where instance_id = x'${instanceId}'`;
    const [rows] = await pool.query(`select * from ${table} ${where} order by instance_id, ${orders[table]}`);
    return (rows as ({ id: number } & Record<string, unknown>)[]).map(({ id: _, ...row }) => row);
  };
  return {
    installation,
    deadLetters,
    workflowId: workflow.id,
    actionIds: workflow.actions.map(({ id }) => id),
    start: async (env = {}) => stack.use(await startService('audit-logger', { ...installation.env, ...env }, await freePort())),
    async addInstances(count) {
      const ids = Array.from({ length: count }, () => (++instances).toString(16).padStart(32, '0'));
      const rows = ids.map((id) => ({ ...anInstance, id, workflowId: workflow.id }));
      await insertInstances(pool, rows, 'aa'.repeat(16));
      return ids;
    },
    async addTask() {
      const row = {
        tenant_id: 'acme',
        name: `task ${process.hrtime.bigint()}`,
        type: 'workflow',
        config: '{}',
        schedule: '@daily',
        enabled: true,
      };
      const [inserted] = await pool.query('insert into scheduled_tasks set ?', [row]);
      return (inserted as { insertId: number }).insertId;
    },
    logOf: (instanceId, overrides = {}) => aLog({ instance_id: instanceId, workflow_id: workflow.id, ...overrides }),
    async publish(...logs) {
      const records = logs.map(async (log) => ({
        topic: topics.executionLog,
        tenantId: log.tenant_id,
        entityType: log.entity_type,
        entityId: log.entity_id,
        value: await installation.codec.encode(topics.executionLog, log),
      }));
      await installation.bus.publish(await Promise.all(records));
    },
    read,
    logged: (instanceIds, rows) =>
      eventually(async () => {
        const ids = instanceIds.map((id) => `x'${id}'`).join(',');
        const [[found]] = (await pool.query(
          `select count(*) as n from workflow_execution_logs where instance_id in (${ids})`,
        )) as unknown as [[{ n: number }]];
        if (found.n !== rows) throw new Error(`Expected ${rows} log rows, but there are ${found.n}`);
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const orders: Record<AuditTable, string> = {
  workflow_execution_logs: 'seq',
  workflow_action_executions: 'action_id',
  scheduled_task_executions: 'scheduled_for',
};

const anInstance = {
  tenantId: 'acme',
  workflowVersion: 1,
  scheduledTaskId: null,
  scheduledForMs: null,
  entityType: 'lead',
  entityId: 'lead-1',
  triggeredBy: 'event',
  triggeredByValue: 'event-1',
  status: 'running' as const,
  progress: 0,
  executedActions: 0,
  failedActions: 0,
  rowVersion: 1,
  journal: '[]',
  publishedSeq: 0,
  wakeAtMs: null,
  waitingFor: null,
  inbox: null,
  startedAtMs: null,
  completedAtMs: null,
  createdAtMs: now,
};

/** A whole life: an action that succeeds at its second attempt, one that is skipped, one that is cut off, and the end. */
export function aLife([first = 0, second = 0, third = 0]: readonly number[]): LogEntry[] {
  const of = (actionId: number, entry: Partial<LogEntry>) => anActionEntry({ ...entry, action_id: actionId });
  return [
    anEntry({ status: 'running', detail: '{"event":{"event_id":"event-1"}}' }),
    of(first, { seq: 2, type: 'delay_started', status: 'pending' }),
    of(first, {
      seq: 3,
      type: 'attempt_failed',
      status: 'running',
      attempt: 1,
      error_code: 'timeout',
      error_message: 'late',
      duration_ms: 2,
    }),
    of(first, {
      seq: 4,
      type: 'action_completed',
      status: 'completed',
      attempt: 2,
      duration_ms: 1,
      detail: '{"input":{"tag":"hot"},"output":{"ok":true}}',
    }),
    of(second, { seq: 5, type: 'action_skipped', status: 'skipped', reason: 'condition_false' }),
    of(third, {
      seq: 6,
      type: 'attempt_failed',
      status: 'running',
      attempt: 1,
      error_code: 'timeout',
      error_message: 'late',
      duration_ms: 3,
    }),
    of(third, { seq: 7, type: 'action_cancelled', status: 'cancelled', reason: 'instance_completed' }),
    anEntry({ seq: 8, type: 'instance_completed', status: 'completed' }),
  ];
}
