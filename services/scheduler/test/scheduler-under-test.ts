import { type InstanceRow, insertInstances } from '@millrace/db';
import { topics, type WorkflowCommand } from '@millrace/messages';
import { createInstallation, freePort, type Installation, readTopic, type ServiceProcess, startService } from '@millrace/testing';

type Command = WorkflowCommand['command'];
type ResumeInstance = Extract<Command, { 'millrace.ResumeInstance': unknown }>['millrace.ResumeInstance'];
type RunScheduledTask = Extract<Command, { 'millrace.RunScheduledTask': unknown }>['millrace.RunScheduledTask'];

interface Sent {
  instanceId: string;
  entityType: string;
  entityId: string;
  /** When the broker has it from, ms. */
  atMs: number;
}

export interface SchedulerUnderTest extends AsyncDisposable {
  installation: Installation;
  start(env?: Record<string, string>): Promise<ServiceProcess>;
  park(overrides?: Partial<InstanceRow>): Promise<InstanceRow>;
  addTask(columns?: Record<string, unknown>): Promise<number>;
  resumes(instanceId: string): Promise<(Sent & ResumeInstance)[]>;
  runs(taskId: number): Promise<(Sent & RunScheduledTask)[]>;
  allRuns(): Promise<(Sent & RunScheduledTask)[]>;
}

let instances = 0;

/** An installation without an executor: what a scheduler sends stays as it was sent. */
export async function createSchedulerTest(): Promise<SchedulerUnderTest> {
  const stack = new AsyncDisposableStack();
  const installation = stack.use(await createInstallation('scheduler'));
  const { pool } = installation.database;
  const commands = stack.use(await readTopic(installation, topics.workflowCommands));
  const sent = async () => {
    const values = await commands.values();
    return values.map(({ instance_id: instanceId, entity_type: entityType, entity_id: entityId, command }, at) => ({
      instanceId,
      entityType,
      entityId,
      command,
      atMs: commands.records[at]?.timestampMs ?? 0,
    }));
  };
  const allRuns = async () =>
    (await sent()).flatMap(({ command, ...rest }) =>
      'millrace.RunScheduledTask' in command ? [{ ...rest, ...command['millrace.RunScheduledTask'] }] : [],
    );
  return {
    installation,
    start: async (env = {}) =>
      stack.use(await startService('scheduler', { ...installation.env, POLL_MS: '100', ...env }, await freePort())),
    async park(overrides = {}) {
      const row = anInstance(overrides);
      await insertInstances(pool, [row], 'aa'.repeat(16));
      return row;
    },
    async addTask(columns = {}) {
      const row = { tenant_id: 'acme', name: `task ${process.hrtime.bigint()}`, type: 'report', config: '{}', enabled: true, ...columns };
      const [inserted] = await pool.query('insert into scheduled_tasks set ?', [row]);
      return (inserted as { insertId: number }).insertId;
    },
    async resumes(instanceId) {
      return (await sent()).flatMap(({ command, ...rest }) =>
        rest.instanceId === instanceId && 'millrace.ResumeInstance' in command ? [{ ...rest, ...command['millrace.ResumeInstance'] }] : [],
      );
    },
    allRuns,
    runs: async (taskId) => (await allRuns()).filter(({ task_id }) => task_id === taskId),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A running instance that is due in a second. */
function anInstance(overrides: Partial<InstanceRow>): InstanceRow {
  instances += 1;
  return {
    id: instances.toString(16).padStart(32, '0'),
    tenantId: 'acme',
    workflowId: null,
    workflowVersion: null,
    scheduledTaskId: null,
    scheduledForMs: null,
    entityType: 'lead',
    entityId: 'lead-1',
    triggeredBy: 'event',
    triggeredByValue: 'event-1',
    status: 'running',
    progress: 0,
    executedActions: 0,
    failedActions: 0,
    rowVersion: 1,
    journal: '[]',
    publishedSeq: 0,
    wakeAtMs: Date.now() + 1_000,
    waitingFor: 'delay',
    inbox: null,
    startedAtMs: null,
    completedAtMs: null,
    createdAtMs: Date.now(),
    ...overrides,
  };
}
