import type { SmsRequest } from '@millrace/demo';
import {
  aLeadCreated,
  eventually,
  findLogFaults,
  type InstanceAnswer,
  type InstanceDetail,
  readExecutionLog,
  useMillrace,
} from '@millrace/testing';
import { beforeEach, expect, test } from 'vitest';

const asked: SmsRequest[] = [];
/** What the provider answers to the next requests; then it accepts. */
let answers: number[] = [];
const millrace = useMillrace('retries', {
  onSmsRequest: (request) => {
    asked.push(request);
    return answers.shift() ?? null;
  },
});
beforeEach(() => {
  asked.length = 0;
});

/** Runs one instance of "text, then tag" to its end. */
async function runOne(tenantId: string, text: object): Promise<InstanceDetail> {
  const { api, crm, drained, publishWorkflow } = millrace();
  const workflow = await publishWorkflow(tenantId, {
    name: 'Text and tag',
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [
      { name: 'text', action_type: 'send_sms', action_config: { to: '{{ lead.phone }}', body: 'It is {{ now }}' }, ...text },
      { name: 'tag', action_type: 'add_tag', action_config: { tag: 'texted' } },
    ],
  });
  await crm.publish([aLeadCreated({ tenant_id: tenantId })]);
  const ended = await eventually(async () => {
    const [instance] = await api(tenantId).instances(workflow.id);
    expect(instance).toMatchObject({ status: expect.stringMatching(/^(completed|failed)$/) });
    return instance as InstanceAnswer;
  });
  await drained();
  return api(tenantId).instance(workflow.id, ended.id);
}

const logOf = async ({ id }: InstanceDetail) =>
  (await readExecutionLog(millrace().installation, id)).map(({ type, detail }) => [type, detail.attempt]);

test.each([
  ['at once', 0.05],
  ['parked between them', 1],
])('a provider that fails twice is asked a third time with the same key and bytes, %s', async (where, initial_interval_seconds) => {
  answers = [503, 500];
  const retry_policy = { max_attempts: 5, initial_interval_seconds, backoff_coefficient: 1, jitter: 'none' };
  const instance = await runOne(`flaky-${where.length}`, { retry_policy });
  expect(instance).toMatchObject({ status: 'completed', progress: 100, executed_actions: 2, failed_actions: 0 });
  expect(asked).toHaveLength(3);
  expect(asked[0]).toEqual({ idempotencyId: `${instance.id}/${instance.action_executions[0]?.action_id}`, form: expect.any(String) });
  expect(asked.slice(1)).toEqual([asked[0], asked[0]]);
  expect(instance.action_executions).toMatchObject([
    { action_name: 'text', status: 'completed', attempts: 3, retry_count: 2, error_code: null },
    { action_name: 'tag', status: 'completed', attempts: 1, retry_count: 0 },
  ]);
  expect(await logOf(instance)).toEqual([
    ['instance_started', undefined],
    ['attempt_failed', 1],
    ['attempt_failed', 2],
    ['action_completed', 3],
    ['action_completed', 1],
    ['instance_completed', undefined],
  ]);
});

test('a refusal is not tried again: the instance fails, and what comes after is not run', async () => {
  answers = [400];
  const instance = await runOne('refused', { on_error: 'fail' });
  expect(instance).toMatchObject({ status: 'failed', progress: 50, executed_actions: 1, failed_actions: 1 });
  expect(asked).toHaveLength(1);
  expect(instance.action_executions).toMatchObject([{ action_name: 'text', status: 'failed', attempts: 1, error_code: 'sms_refused' }]);
  expect(await logOf(instance)).toEqual([
    ['instance_started', undefined],
    ['action_failed', 1],
    ['instance_failed', undefined],
  ]);
});

test('with on_error continue the instance goes on after a failure and ends completed', async () => {
  answers = [400];
  const instance = await runOne('lenient', { on_error: 'continue' });
  expect(instance).toMatchObject({ status: 'completed', progress: 100, executed_actions: 2, failed_actions: 1 });
  expect(instance.action_executions).toMatchObject([
    { action_name: 'text', status: 'failed', error_code: 'sms_refused' },
    { action_name: 'tag', status: 'completed' },
  ]);
});

test('an action fails for good once its attempts are used up', async () => {
  answers = [500, 500, 500];
  const retry_policy = { max_attempts: 2, initial_interval_seconds: 0.05, backoff_coefficient: 1, jitter: 'none' };
  const instance = await runOne('exhausted', { retry_policy });
  expect(instance).toMatchObject({ status: 'failed', failed_actions: 1 });
  expect(asked).toHaveLength(2);
  expect(instance.action_executions).toMatchObject([{ status: 'failed', attempts: 2, retry_count: 1, error_code: 'sms_unavailable' }]);
  expect(await findLogFaults(millrace().installation)).toEqual([]);
});
