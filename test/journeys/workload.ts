import { topics } from '@millrace/messages';
import {
  aLeadCreated,
  eventually,
  findLogFaults,
  type InstanceAnswer,
  type Millrace,
  readTopic,
  type TopicReader,
} from '@millrace/testing';
import { expect } from 'vitest';

const chunk = 20;
const mostAhead = 100;

/** Leads that each start one workflow, and what the world sees of it. */
export interface Workload extends AsyncDisposable {
  /** Publishes leads, never far ahead of what is dealt with, until so many have started; then there is always work in flight. */
  runUntilStarted(count: number): Promise<void>;
  /** Publishes the rest, all at once. */
  publishRest(): Promise<void>;
  /** Waits until the world has seen so many actions. */
  untilExecuted(count: number): Promise<void>;
  /** Waits until every lead's instance has completed and every input is dealt with; checks that nothing was lost and the log is whole. */
  finish(): Promise<void>;
  /** The keys of actions that the world has seen more than once. */
  repeatedKeys(): Promise<string[]>;
}

/** Commands the CRM, calls a provider, waits a second and commands the CRM again. */
const callAndTag = [
  { action_type: 'create_task', action_config: { title: 'Call {{ lead.lead_id }}' } },
  { action_type: 'send_sms', action_config: { to: '{{ lead.phone }}', body: '{{ lead.lead_id }} at {{ now }}' } },
  { action_type: 'add_tag', action_config: { tag: 'called' }, delay_seconds: 1 },
];

export async function createWorkload(
  millrace: Millrace,
  tenantId: string,
  leads: number,
  actions: object[] = callAndTag,
): Promise<Workload> {
  const { api, crm, drained, installation, publishWorkflow, sms } = millrace;
  const workflow = await publishWorkflow(tenantId, {
    name: 'Workload',
    triggers: [{ trigger_type: 'lead_created' }],
    actions,
  });
  const commands: TopicReader<{ command_id: string }> = await readTopic(installation, topics.crmCommands);
  let published = 0;

  const publish = async (count: number) => {
    const numbers = Array.from({ length: Math.min(count, leads - published) }, (_, index) => published + index);
    published += numbers.length;
    await crm.publish(
      numbers.map((number) => aLeadCreated({ tenant_id: tenantId, event_id: `event-${number}`, entity_id: `lead-${number}` })),
    );
  };
  const started = async () => Number((await api(tenantId).request('GET', `/workflows/${workflow.id}/instances?limit=1`)).body.total);

  /** How often the world has seen each action of this workload, by its key. */
  const executions = async (): Promise<Map<string, number>> => {
    const keys = [...(await commands.values()).map(({ command_id }) => command_id), ...sms.texts.map(({ idempotencyId }) => idempotencyId)];
    const own = new Set(workflow.actions.map(({ id }) => String(id)));
    const counts = new Map<string, number>();
    for (const key of keys) if (own.has(key.split('/')[1] ?? '')) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  };
  const expectNothingLost = async (instances: readonly InstanceAnswer[]) => {
    const expected = instances.flatMap(({ id }) => workflow.actions.map((action) => `${id}/${action.id}`));
    await eventually(async () => {
      const seen = await executions();
      expect(expected.filter((key) => !seen.has(key))).toEqual([]);
    });
    expect(await findLogFaults(installation)).toEqual([]);
  };

  return {
    async runUntilStarted(count) {
      for (let done = 0; done < count; done = await started()) if (published - done < mostAhead) await publish(chunk);
    },
    publishRest: () => publish(leads),
    untilExecuted: (count) =>
      eventually(async () => expect((await executions()).size).toBeGreaterThanOrEqual(count), { timeoutMs: 20_000, everyMs: 5 }),
    async finish() {
      const completed = await eventually(
        async () => {
          const instances = await api(tenantId).instances(workflow.id);
          expect(instances.filter(({ status }) => status === 'completed')).toHaveLength(leads);
          expect(instances).toHaveLength(leads);
          return instances;
        },
        { timeoutMs: 60_000, everyMs: 200 },
      );
      expect(new Set(completed.map(({ entity_id }) => entity_id)).size).toBe(leads);
      await drained();
      await expectNothingLost(completed);
    },
    repeatedKeys: async () => [...(await executions())].flatMap(([key, count]) => (count > 1 ? [key] : [])),
    [Symbol.asyncDispose]: () => commands[Symbol.asyncDispose](),
  };
}
