import type { OutRecord } from '@millrace/bus';
import { type CrmEvent, type Topic, topics, type WorkflowCommand, type WorkflowDefinition } from '@millrace/messages';
import {
  createInstallation,
  type DeadLetters,
  eventually,
  freePort,
  type Installation,
  readDeadLetters,
  readTopic,
  type ServiceProcess,
  startService,
  type TopicReader,
} from '@millrace/testing';

export interface MatcherUnderTest extends AsyncDisposable {
  installation: Installation;
  commands: TopicReader<WorkflowCommand>;
  deadLetters: DeadLetters;
  start(env?: Record<string, string>): Promise<ServiceProcess>;
  /** Publishes definitions, or records in their place; resolved once every one of these matchers has read them. */
  define(matchers: readonly ServiceProcess[], ...definitions: (WorkflowDefinition | OutRecord)[]): Promise<void>;
  publish(topic: Topic<CrmEvent>, ...events: CrmEvent[]): Promise<void>;
  /** What a tenant's events have caused until now. */
  commandsOf(tenantId: string): Promise<WorkflowCommand[]>;
}

/** Topics of their own and readers of what a matcher sends; disposing ends every matcher that was started. */
export async function createMatcherTest(): Promise<MatcherUnderTest> {
  const stack = new AsyncDisposableStack();
  const installation = stack.use(await createInstallation('trigger-matcher'));
  const { bus, codec } = installation;
  const commands = stack.use(await readTopic(installation, topics.workflowCommands));
  const deadLetters = stack.use(await readDeadLetters(installation, topics.crmEvents));
  return {
    installation,
    commands,
    deadLetters,
    start: async (env = {}) => stack.use(await startService('trigger-matcher', { ...installation.env, ...env }, await freePort())),
    async define(matchers, ...definitions) {
      const before = await Promise.all(matchers.map(readDefinitions));
      const records = definitions.map(async (each) => ('topic' in each ? each : definitionRecord(installation, each)));
      await bus.publish(await Promise.all(records));
      await eventually(async () => {
        for (const [at, matcher] of matchers.entries()) {
          const applied = await readDefinitions(matcher);
          if (applied < (before[at] ?? 0) + definitions.length)
            throw new Error(`Expected the definitions to be applied, but ${applied} are`);
        }
      });
    },
    async publish(topic, ...events) {
      const records = events.map(async (event): Promise<OutRecord> => {
        const { tenant_id: tenantId, entity_type: entityType, entity_id: entityId } = event;
        return { topic, tenantId, entityType, entityId, value: await codec.encode(topic, event) };
      });
      await bus.publish(await Promise.all(records));
    },
    commandsOf: async (tenantId) => (await commands.values()).filter(({ tenant_id }) => tenant_id === tenantId),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export async function definitionRecord({ codec }: Installation, definition: WorkflowDefinition): Promise<OutRecord> {
  const { tenant_id: tenantId, workflow_id: workflowId } = definition;
  const value = await codec.encode(topics.workflowDefinitions, definition);
  return { topic: topics.workflowDefinitions, tenantId, key: `${tenantId}/${workflowId}`, value };
}

/** How many records of the topic a matcher has read, as each has an offset of its own. */
async function readDefinitions(matcher: ServiceProcess): Promise<number> {
  const { definitions } = (await matcher.ready()) as { definitions: { applied: Record<string, string> } };
  return Object.values(definitions.applied).reduce((sum, offset) => sum + Number(offset), 0);
}
