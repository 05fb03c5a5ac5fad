import { topics } from '@millrace/messages';
import { aLeadCreated, aTaskCompleted, eventually, findLogFaults, readExecutionLog, readTopic, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('actions');

const everyAction = [
  {
    action_type: 'send_email',
    action_config: {
      to: '{{ lead.email }}',
      subject: 'Welcome, {{ lead.first_name | default: "there" }}',
      text: 'Your score is {{ lead_score }}. {{ lead.nickname }}',
      html: '<p>Hello {{ lead.company }}</p>',
    },
  },
  { action_type: 'send_sms', action_config: { to: '{{ lead.phone }}', body: 'Hello {{ lead.first_name }} {{ lead.last_name }}' } },
  {
    action_type: 'create_task',
    action_config: { title: 'Call {{ lead.first_name | upcase }}', assigned_to_id: 1, due_in: 'P1D', priority: 'high' },
  },
  {
    action_type: 'update_lead',
    action_config: {
      fields: { lead_status: 'contacted', score_seen: '{{ lead_score }}', text_sid: '{{ actions.send_sms_1.output.sid }}' },
    },
  },
  { action_type: 'send_notification', action_config: { user_id: '{{ lead.owner_id }}', title: 'New lead from {{ event.source }}' } },
  { action_type: 'add_tag', action_config: { tag: 'welcomed' } },
  { action_type: 'remove_tag', action_config: { tag: 'cold' } },
];

test('an event that matches runs every action once, renders its templates and fills the log tables', async () => {
  const { crm, installation, mail, sms, api, publishWorkflow, drained } = millrace();
  await using commands = await readTopic(installation, topics.crmCommands);
  const workflow = await publishWorkflow('acme', {
    name: 'Everything',
    triggers: [{ trigger_type: 'lead_created', trigger_config: { min_score: 50 } }],
    actions: everyAction,
  });
  const event = aLeadCreated({ tenant_id: 'acme', event_id: 'created-1', entity_id: 'lead-7' }, { company: 'Bits & Bytes <Ltd>' });
  await crm.publish([event]);
  const instance = await eventually(async () => {
    const [found] = await api('acme').instances(workflow.id);
    expect(found).toMatchObject({ status: 'completed', triggered_by: 'event', triggered_by_value: 'created-1', entity_id: 'lead-7' });
    return found as { id: string };
  });

  expect(mail.mails).toMatchObject([{ recipients: ['ada@example.com'], subject: 'Welcome, Ada' }]);
  expect(mail.mails[0]?.source).toMatch(/^From: millrace@test\.example\r$/m);
  expect(mail.mails[0]?.source).toContain('Your score is 85. \r\n');
  expect(mail.mails[0]?.source).toContain('<p>Hello Bits &amp; Bytes &lt;Ltd&gt;</p>');
  const keyOf = (index: number) => `${instance.id}/${workflow.actions[index]?.id}`;
  expect(sms.texts).toMatchObject([{ to: '+15550001111', from: '+15550000000', body: 'Hello Ada Lovelace', idempotencyId: keyOf(1) }]);
  const received = await eventually(async () => {
    const values = await commands.values();
    expect(values).toHaveLength(5);
    return values;
  });
  const issuedAt = received[0]?.issued_at as number;
  expect(received).toMatchObject([
    {
      command_id: keyOf(2),
      tenant_id: 'acme',
      entity_type: 'lead',
      entity_id: 'lead-7',
      causation: { root_event_id: 'created-1', depth: 1, workflow_ids: [workflow.id] },
      command: {
        'millrace.CreateTask': {
          lead_id: 'lead-7',
          title: 'Call ADA',
          assigned_to_id: '1',
          priority: 'high',
          due_at: issuedAt + 24 * 60 * 60 * 1000,
        },
      },
    },
    { command_id: keyOf(3), command: { 'millrace.UpdateLead': { lead_id: 'lead-7', fields: expect.any(String) } } },
    { command_id: keyOf(4), command: { 'millrace.SendNotification': { user_id: 'user-7', role: null, title: 'New lead from test-crm' } } },
    { command_id: keyOf(5), command: { 'millrace.AddTag': { lead_id: 'lead-7', tag: 'welcomed' } } },
    { command_id: keyOf(6), command: { 'millrace.RemoveTag': { lead_id: 'lead-7', tag: 'cold' } } },
  ]);
  const [, update] = received.map(({ command }) => ('millrace.UpdateLead' in command ? command['millrace.UpdateLead'].fields : ''));
  expect(JSON.parse(update as string)).toEqual({ lead_status: 'contacted', score_seen: 85, text_sid: sms.texts[0]?.sid });

  await drained();
  const detail = await api('acme').instance(workflow.id, instance.id);
  expect(detail).toMatchObject({ progress: 100, executed_actions: 7, failed_actions: 0 });
  expect(detail.action_executions).toMatchObject(
    everyAction.map(({ action_type }, index) => ({
      action_id: workflow.actions[index]?.id,
      action_name: `${action_type}_${index}`,
      action_type,
      status: 'completed',
      attempts: 1,
      retry_count: 0,
    })),
  );
  expect(detail.action_executions[1]).toMatchObject({
    input: { to: '***', body: '***' },
    result: { sid: sms.texts[0]?.sid },
  });
  expect((await readExecutionLog(installation, instance.id)).map(({ seq, type, actionId }) => [seq, type, actionId])).toEqual([
    [1, 'instance_started', null],
    ...workflow.actions.map(({ id }, index) => [index + 2, 'action_completed', id]),
    [9, 'instance_completed', null],
  ]);
  expect(await findLogFaults(installation)).toEqual([]);
});

test('an event that is produced again, with another time, starts nothing and repeats nothing', async () => {
  const { crm, mail, api, publishWorkflow, drained, installation } = millrace();
  const workflow = await publishWorkflow('globex', {
    name: 'Thank for the call',
    triggers: [{ trigger_type: 'task_completed', trigger_config: { outcome: 'won' } }],
    actions: [{ action_type: 'send_email', action_config: { to: '{{ lead.email }}', subject: 'After {{ title }}', text: 'Thank you.' } }],
  });
  const before = mail.mails.length;
  const event = aTaskCompleted({ tenant_id: 'globex', event_id: 'done-1' });
  await crm.publish([event]);
  await crm.publish([{ ...event, occurred_at: event.occurred_at + 60_000 }]);
  await drained();
  await crm.publish([event]);
  await drained();
  expect(await api('globex').instances(workflow.id)).toMatchObject([{ status: 'completed', triggered_by_value: 'done-1' }]);
  expect(mail.mails.slice(before)).toMatchObject([{ subject: 'After Call back' }]);
  expect(await findLogFaults(installation)).toEqual([]);
});

test('an action without an address is skipped, one whose condition is not met too, and the rest is run', async () => {
  const { crm, api, publishWorkflow, drained, sms } = millrace();
  const workflow = await publishWorkflow('initech', {
    name: 'Skips',
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [
      { name: 'mail', action_type: 'send_email', action_config: { to: '{{ lead.email }}', subject: 'Hello', text: 'Hello' } },
      {
        name: 'tag',
        action_type: 'add_tag',
        action_config: { tag: 'hot' },
        conditions: [{ field: 'lead_score', operator: 'greater_than', value: 90 }],
      },
      { name: 'text', action_type: 'send_sms', action_config: { to: '{{ lead.phone }}', body: 'From {{ lead.company }}' } },
    ],
  });
  await crm.publish([aLeadCreated({ tenant_id: 'initech' }, { email: null, lead_score: 90, company: 'Initech' })]);
  await drained();
  const [instance] = await api('initech').instances(workflow.id);
  expect(instance).toMatchObject({ status: 'completed', progress: 100, executed_actions: 1, failed_actions: 0 });
  expect((await api('initech').instance(workflow.id, instance?.id as string)).action_executions).toMatchObject([
    { action_name: 'mail', status: 'skipped', skip_reason: 'no_address' },
    { action_name: 'tag', status: 'skipped', skip_reason: 'condition_false' },
    { action_name: 'text', status: 'completed' },
  ]);
  expect(sms.texts.filter(({ body }) => body === 'From Initech')).toHaveLength(1);
});
