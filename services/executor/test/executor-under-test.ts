import { findInstances, type InstanceRow } from '@millrace/db';
import {
  type CrmCommand,
  type CrmEvent,
  type EventView,
  type ExecutionLog,
  type LogEntry,
  topics,
  type WorkflowCommand,
} from '@millrace/messages';
import {
  type ActionOverrides,
  anEventView,
  aStart,
  commandsDone,
  createInstallation,
  eventually,
  freePort,
  type Installation,
  insertWorkflow,
  readTopic,
  type ServiceProcess,
  sendCommands,
  startService,
  type TopicReader,
} from '@millrace/testing';
import type { WorkflowVersion } from '@millrace/workflow';
import { afterAll, beforeAll, expect } from 'vitest';

type Command = WorkflowCommand['command'];

/** One executor on an installation of its own, spoken to as the other services do. */
export interface ExecutorUnderTest {
  installation: Installation;
  env: Record<string, string>;
  executor: ServiceProcess;
  log: TopicReader<ExecutionLog>;
  crm: TopicReader<CrmCommand>;
  events: TopicReader<CrmEvent>;
  /** A workflow of a tenant of its own unless said. */
  workflow(actions: ActionOverrides[], overrides?: Partial<WorkflowVersion>): Promise<WorkflowVersion>;
  /** Makes the executor know of a workflow's newest state; resolved once it does. */
  publish(
    version: WorkflowVersion,
    state?: { deleted?: boolean; on_disable?: string; triggers?: string[]; publishedAtMs?: number },
  ): Promise<void>;
  /** Sends the start for an event as the matcher would; answers the instance's id. */
  start(version: WorkflowVersion, event?: Partial<EventView>): Promise<string>;
  /** Sends a command to an instance. */
  send(instanceId: string, command: (row: InstanceRow) => Command): Promise<void>;
  /** Sends the resume of a parked instance, as the scheduler does. */
  resume(instanceId: string): Promise<void>;
  /** Sends an event to whoever waits for it, as the matcher does. */
  deliver(tenantId: string, event: Partial<EventView>, offset?: number): Promise<void>;
  row(instanceId: string): Promise<InstanceRow | undefined>;
  /** The row once it is as expected. */
  rowWhen(instanceId: string, expected: object): Promise<InstanceRow>;
  /** An instance's entries as the log topic has them, repeats aside, once the last is of this type; their seqs are contiguous. */
  entriesUntil(instanceId: string, lastType: string): Promise<LogEntry[]>;
  /** Resolved once the executor has dealt with every command until now. */
  drained(): Promise<void>;
}

/** Starts an executor for all tests of a file. `prepare` gives more settings, once, before it starts. */
export function useExecutor(name: string, prepare: () => Promise<Record<string, string>> = async () => ({})): () => ExecutorUnderTest {
  let all: AsyncDisposableStack | undefined;
  let under: ExecutorUnderTest | undefined;
  beforeAll(async () => {
    all = new AsyncDisposableStack();
    under = await startExecutor(name, await prepare(), all);
  });
  afterAll(() => all?.disposeAsync());
  return () => under as ExecutorUnderTest;
}

export async function startExecutor(name: string, more: Record<string, string>, all: AsyncDisposableStack): Promise<ExecutorUnderTest> {
  const installation = all.use(await createInstallation(name));
  const env = { ...installation.env, ...more };
  const readers = await Promise.all([
    readTopic(installation, topics.executionLog),
    readTopic(installation, topics.crmCommands),
    readTopic(installation, topics.workflowEvents),
  ]);
  for (const reader of readers) all.use(reader);
  const [log, crm, events] = readers;
  const executor = all.use(await startService('executor', env, await freePort()));
  const { pool } = installation.database;
  let tenants = 0;
  let deliveries = 1_000;

  const row = async (instanceId: string) => (await findInstances(pool, [instanceId])).get(instanceId);
  const rowWhen = (instanceId: string, expected: object) =>
    eventually(async () => {
      const found = await row(instanceId);
      expect(found).toMatchObject(expected);
      return found as InstanceRow;
    });
  const send = async (instanceId: string, commandOf: (row: InstanceRow) => Command) => {
    const found = (await row(instanceId)) as InstanceRow;
    const { tenantId: tenant_id, entityType: entity_type, entityId: entity_id } = found;
    await sendCommands(installation, [{ tenant_id, instance_id: instanceId, entity_type, entity_id, command: commandOf(found) }]);
  };
  return {
    installation,
    env,
    executor,
    log,
    crm,
    events,
    workflow: (actions, overrides = {}) => {
      tenants += 1;
      return insertWorkflow(installation, overrides.tenant_id ?? `tenant-${tenants}`, actions, overrides);
    },
    async publish(
      { tenant_id, id: workflow_id, version, name: workflowName, enabled },
      { deleted = false, on_disable = 'finish', triggers = [], publishedAtMs = Date.now() } = {},
    ) {
      const value = await installation.codec.encode(topics.workflowDefinitions, {
        tenant_id,
        workflow_id,
        version,
        name: workflowName,
        enabled,
        deleted,
        on_disable,
        published_at: publishedAtMs,
        triggers: triggers.map((trigger_type, index) => ({ trigger_id: index + 1, trigger_type, trigger_config: '{}', conditions: null })),
        waits_for: [],
      });
      const applied = async () =>
        Object.values(((await executor.ready()).definitions as { applied: Record<string, string> }).applied).reduce(
          (sum, each) => sum + Number(each),
          0,
        );
      const before = await applied();
      await installation.bus.publish([
        { topic: topics.workflowDefinitions, tenantId: tenant_id, key: `${tenant_id}/${workflow_id}`, value },
      ]);
      await eventually(async () => expect(await applied()).toBeGreaterThan(before));
    },
    async start(version, event = {}) {
      const command = aStart(version, anEventView(event));
      await sendCommands(installation, [command]);
      return command.instance_id;
    },
    send,
    resume: (instanceId) => send(instanceId, ({ rowVersion }) => ({ 'millrace.ResumeInstance': { row_version: rowVersion } })),
    deliver: (tenantId, event, offset = deliveries++) =>
      sendCommands(installation, [aDelivery(tenantId, { event_id: `answer-${offset}`, ...event }, offset)]),
    row,
    rowWhen,
    entriesUntil: (instanceId, lastType) =>
      eventually(async () => {
        const records = (await log.values()).filter((record) => record.instance_id === instanceId);
        const bySeq = new Map(records.flatMap(({ entries }) => entries.map((entry) => [entry.seq, entry] as const)));
        const entries = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
        expect(entries.at(-1)?.type).toBe(lastType);
        return entries;
      }),
    drained: () => commandsDone(installation),
  };
}

/** The DeliverEvent that the matcher would send for this event. */
export function aDelivery(tenant_id: string, event: Partial<EventView>, origin_offset: number): WorkflowCommand {
  const view = anEventView(event);
  const { entity_type, entity_id } = view;
  const delivery = { event: JSON.stringify(view), origin_topic: 'crm.events', origin_partition: 0, origin_offset };
  return { tenant_id, instance_id: '', entity_type, entity_id, command: { 'millrace.DeliverEvent': delivery } };
}
