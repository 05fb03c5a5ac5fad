import { topics } from '@millrace/messages';
import { aLeadCreated, eventually, readTopic, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('redaction');

const canary = { email: 'canary-ann@example.com', phone: '+15550009876' };
const actions = [
  {
    action_type: 'send_email',
    name: 'mail',
    action_config: { to: '{{ lead.email }}', subject: 'Hello {{ lead.first_name }}', text: 'You are {{ lead.email }}' },
  },
  { action_type: 'send_sms', name: 'text', action_config: { to: '{{ lead.phone }}', body: 'Mail: {{ lead.email }}' } },
  { action_type: 'create_task', name: 'task', action_config: { title: 'Write to {{ lead.email }}' } },
  { action_type: 'set_variable', name: 'keep', action_config: { name: 'address', value: '{{ lead.email }}' } },
  { action_type: 'update_lead', name: 'update', action_config: { fields: { note: '{{ variables.address }}' } } },
];

async function run(tenant: string, redaction: object) {
  const { crm, api, publishWorkflow, drained } = millrace();
  expect((await api(tenant).request('PUT', '/tenant-settings', { body: { redaction } })).status).toBe(200);
  const triggers = [{ trigger_type: 'lead_created', trigger_config: {} }];
  const workflow = await publishWorkflow(tenant, { name: 'Welcome', triggers, actions });
  await crm.publish([aLeadCreated({ tenant_id: tenant, event_id: 'e-1', entity_id: 'lead-1' }, canary)]);
  const instance = await eventually(async () => {
    const [found] = await api(tenant).instances(workflow.id);
    expect(found).toMatchObject({ status: 'completed' });
    return found as { id: string };
  });
  await drained();
  const path = `/workflows/${workflow.id}/instances/${instance.id}`;
  const answers = await Promise.all(['', '/log'].map((end) => api(tenant).request('GET', `${path}${end}`)));
  return { detail: await api(tenant).instance(workflow.id, instance.id), answers: JSON.stringify(answers.map(({ body }) => body)) };
}

/** What the topic and the log tables hold of a tenant. */
async function logOf(tenant: string): Promise<string> {
  const { installation } = millrace();
  await using log = await readTopic(installation, topics.executionLog);
  const records = (await log.values()).filter(({ tenant_id: id }) => id === tenant);
  expect(records.flatMap(({ entries }) => entries)).toHaveLength(actions.length + 2);
  const rows = [];
  for (const table of ['workflow_execution_logs', 'workflow_action_executions']) {
    const [found] = await installation.database.pool.query('SELECT * FROM ?? WHERE tenant_id = ?', [table, tenant]);
    rows.push(found);
  }
  return JSON.stringify([records, rows]);
}

const leaks = (text: string) => Object.values(canary).filter((value) => text.includes(value));

test('named fields leave no trace in topic, tables and answers, and the actions do with their real values', async () => {
  const { answers, detail } = await run('acme', { fields: ['email', 'lead.phone'] });
  expect(leaks(answers)).toEqual([]);
  expect(leaks(await logOf('acme'))).toEqual([]);
  expect(detail.action_executions).toMatchObject([
    { input: { to: ['***'], subject: 'Hello Ada', text: '***' } },
    { input: { to: '***', body: '***' } },
    { input: { title: '***' } },
    { result: { name: 'address', value: '***' } },
    { input: { fields: { note: '***' } } },
  ]);
  expect(millrace().mail.mails.at(-1)).toMatchObject({
    recipients: [canary.email],
    source: expect.stringContaining(`You are ${canary.email}`),
  });
  expect(millrace().sms.texts.at(-1)).toMatchObject({ to: canary.phone, body: `Mail: ${canary.email}` });
});

test('of a tenant that has set nothing, addresses and contents are hidden, and other fields are shown', async () => {
  const { detail } = await run('default', {});
  expect(detail.action_executions).toMatchObject([
    { input: { to: ['***'], text: '***' } },
    { input: { to: '***', body: '***' } },
    { input: { title: `Write to ${canary.email}` } },
    { result: { value: canary.email } },
    { input: { fields: { note: canary.email } } },
  ]);
});

test('a tenant that wants to see them sees addresses and contents', async () => {
  const { detail } = await run('open', { actions: false });
  expect(detail.action_executions).toMatchObject([
    { input: { to: [canary.email], text: `You are ${canary.email}` } },
    { input: { to: canary.phone, body: `Mail: ${canary.email}` } },
    {},
    {},
    {},
  ]);
});
