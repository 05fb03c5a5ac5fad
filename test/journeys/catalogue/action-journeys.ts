import { eventually } from '@millrace/testing';
import { expect } from 'vitest';
import type { Journey, Underway } from './journey.ts';

const done = (...names: string[]) => ['instance_started', ...names.map((name) => `action_completed ${name}`), 'instance_completed'];
const mailOf = ({ millrace, tenantId }: Underway) => millrace.mail.mails.filter((mail) => mail.tenantId === tenantId);
const only = async (underway: Underway, kind: string, expected: object) => {
  const [[found, content] = []] = await underway.told();
  expect([found, content]).toEqual([kind, expect.objectContaining(expected)]);
};

/** One for each action type that leaves the engine. */
export const actionJourneys: Journey[] = [
  {
    name: 'send_email, with everything that a mail has',
    actions: () => [
      {
        action_type: 'send_email',
        name: 'mail',
        action_config: {
          to: '{{ lead.email }}',
          cc: ['cc@team.example'],
          bcc: 'bcc@team.example',
          reply_to: 'sales@team.example',
          subject: 'Hello {{ lead.first_name }}',
          text: 'Plain',
          html: '<b>{{ lead.company }}</b>',
          attachments: [{ filename: 'a.txt', content: Buffer.from('attached').toString('base64'), content_type: 'text/plain' }],
        },
      },
    ],
    log: done('mail'),
    check: (underway) => {
      const [mail, ...more] = mailOf(underway);
      expect(more).toEqual([]);
      expect(mail).toMatchObject({
        recipients: [`ada@${underway.tenantId}.example`, 'cc@team.example', 'bcc@team.example'],
        subject: 'Hello Ada',
      });
      expect(mail?.source).not.toMatch(/^bcc:/im);
      expect(mail?.source).toContain('Reply-To: sales@team.example');
      expect(mail?.source).toContain('filename=a.txt');
    },
  },
  {
    name: 'send_sms',
    actions: ({ tenantId }) => [
      { action_type: 'send_sms', name: 'text', action_config: { to: '{{ lead.phone }}', body: `Hello from ${tenantId}` } },
    ],
    log: done('text'),
    check: ({ millrace, tenantId }) => {
      expect(millrace.sms.texts.filter(({ body }) => body === `Hello from ${tenantId}`)).toMatchObject([{ to: '+15550001111' }]);
    },
  },
  {
    name: 'send_notification, to a role',
    actions: () => [
      {
        action_type: 'send_notification',
        name: 'tell',
        action_config: { role: 'sales', title: 'New lead', link: '/leads/{{ lead.lead_id }}' },
      },
    ],
    log: done('tell'),
    check: (underway) => only(underway, 'millrace.SendNotification', { role: 'sales', user_id: null, link: '/leads/lead-1' }),
  },
  {
    name: 'create_task',
    actions: () => [{ action_type: 'create_task', name: 'task', action_config: { title: 'Call {{ lead.first_name }}', due_in: 'P2D' } }],
    log: done('task'),
    check: (underway) => only(underway, 'millrace.CreateTask', { title: 'Call Ada', lead_id: 'lead-1' }),
  },
  {
    name: 'update_lead, values with their types',
    actions: () => [
      {
        action_type: 'update_lead',
        name: 'update',
        action_config: { fields: { score: '{{ lead.lead_score }}', tags: '{{ lead.tags }}' } },
      },
    ],
    log: done('update'),
    check: (underway) => only(underway, 'millrace.UpdateLead', { fields: '{"score":85,"tags":[]}' }),
  },
  {
    name: 'add_tag',
    actions: () => [{ action_type: 'add_tag', name: 'tag', action_config: { tag: 'new' } }],
    log: done('tag'),
    check: (underway) => only(underway, 'millrace.AddTag', { tag: 'new', lead_id: 'lead-1' }),
  },
  {
    name: 'remove_tag, of another lead',
    actions: () => [{ action_type: 'remove_tag', name: 'untag', action_config: { tag: 'cold', lead_id: 'lead-9' } }],
    log: done('untag'),
    check: (underway) => only(underway, 'millrace.RemoveTag', { tag: 'cold', lead_id: 'lead-9' }),
  },
  {
    name: 'http_request, with a secret that nothing of it shows',
    ahead: async ({ api, world }) => {
      const body = { name: 'token', value: 'canary-journey', hosts: [world.host] };
      expect((await api.request('POST', '/secrets', { body })).status).toBe(201);
    },
    actions: ({ world, tenantId }) => [
      {
        action_type: 'http_request',
        name: 'call',
        action_config: {
          url: `${world.origin}/echo/${tenantId}`,
          headers: { Authorization: 'Bearer {{ secrets.token }}' },
          body: { lead: '{{ lead.lead_id }}' },
        },
      },
      { action_type: 'add_tag', name: 'tag', action_config: { tag: '{{ actions.call.output.body.headers.authorization }}' } },
    ],
    log: done('call', 'tag'),
    check: async (underway) => {
      const [request, ...more] = underway.world.requestsTo(`/echo/${underway.tenantId}`);
      expect(more).toEqual([]);
      expect(request).toMatchObject({ headers: { authorization: 'Bearer canary-journey' }, body: '{"lead":"lead-1"}' });
      expect(await underway.tags()).toEqual(['Bearer [secret]']);
      expect(JSON.stringify(await underway.instance())).not.toContain('canary-journey');
    },
  },
  {
    name: 'emit_event, which starts another workflow',
    ahead: async ({ api, ids }) => {
      const triggers = [{ trigger_type: 'custom', trigger_config: { event_name: 'journey.*' } }];
      const actions = [{ action_type: 'add_tag', action_config: { tag: 'heard {{ word }}' } }];
      ids.listener = (await api.createWorkflow({ name: 'Listens', triggers, actions })).id;
    },
    actions: () => [{ action_type: 'emit_event', name: 'emit', action_config: { event_name: 'journey.begun', data: { word: 'hello' } } }],
    log: done('emit'),
    check: async (underway) => {
      await eventually(async () => expect(await underway.tags()).toEqual(['heard hello']));
      expect(await underway.api.instances(underway.ids.listener ?? 0)).toMatchObject([{ status: 'completed', entity_id: 'lead-1' }]);
    },
  },
  {
    name: 'start_workflow',
    ahead: async ({ api, ids }) => {
      const actions = [{ action_type: 'add_tag', action_config: { tag: 'given {{ word }}' } }];
      ids.target = (await api.createWorkflow({ name: 'Target', actions })).id;
    },
    actions: ({ ids }) => [
      { action_type: 'start_workflow', name: 'start', action_config: { workflow_id: ids.target, additional_data: { word: 'hello' } } },
    ],
    log: done('start'),
    check: async (underway) => {
      await eventually(async () => expect(await underway.tags()).toEqual(['given hello']));
      expect(await underway.api.instances(underway.ids.target ?? 0)).toMatchObject([{ triggered_by: 'start_workflow' }]);
    },
  },
];
