import { type Effect, effects } from './crm-effect.ts';
import type { CrmFact, TenantName } from './crm-event.ts';

/** What the demo expects of one action of one instance. */
export interface ExpectedAction {
  name: string;
  type: string;
  status: 'completed' | 'skipped' | 'pending';
  skipReason: string | null;
  /** What the world sees of it; null where it is skipped or still waits. */
  effect: Effect | null;
}

/** A workflow as it is sent to the API, beside what it should do, said a second time in plain code: neither is derived from the other. */
export interface DemoWorkflow {
  tenant: TenantName;
  body: Record<string, unknown> & { name: string };
  startsFor(fact: CrmFact): boolean;
  /** Where its instances end in the demo: parked ones wait for the delay of their first action. */
  endsAs: 'completed' | 'parked';
  actions(fact: CrmFact): ExpectedAction[];
}

/** The seed's usage example, word for word. */
export const leadScoringBody = {
  name: 'Lead Scoring Workflow',
  description: 'Auto-score leads based on engagement',
  enabled: true,
  triggers: [
    {
      trigger_type: 'lead_created',
      trigger_config: '{"min_score": 0}',
    },
  ],
  actions: [
    {
      action_type: 'create_task',
      action_config: '{"title": "Follow up", "assigned_to_id": 1}',
      order: 0,
      delay_seconds: 300,
    },
  ],
};

export const demoWorkflows: DemoWorkflow[] = [
  {
    tenant: 'acme',
    body: leadScoringBody,
    startsFor: (fact) => fact.type === 'lead_created' && fact.lead.score !== null && fact.lead.score >= 0,
    endsAs: 'parked',
    actions: () => [{ name: 'create_task_0', type: 'create_task', status: 'pending', skipReason: null, effect: null }],
  },
  {
    tenant: 'acme',
    body: {
      name: 'Hand hot leads to sales',
      triggers: [{ trigger_type: 'lead_scored', conditions: [{ field: 'lead_score', operator: 'greater_than', value: 50 }] }],
      actions: [
        action(0, 'call', 'create_task', {
          title: 'Call {{ lead.first_name }} {{ lead.last_name }} of {{ lead.company }}',
          assigned_to_id: 7,
          priority: 'high',
        }),
        action(1, 'mark', 'add_tag', { tag: 'hot' }),
        action(2, 'tell', 'send_notification', {
          role: 'sales',
          title: 'Hot lead: {{ lead.company }}',
          body: 'Score {{ lead_score }}, was {{ previous.lead_score }}',
        }),
      ],
    },
    startsFor: (fact) => fact.type === 'lead_scored' && fact.score > 50,
    endsAs: 'completed',
    actions: ({ tenantId, lead }) => [
      done('call', 'create_task', effects.task(tenantId, lead.leadId, `Call ${lead.firstName} ${lead.lastName} of ${lead.company}`)),
      done('mark', 'add_tag', effects.tag(tenantId, lead.leadId, 'hot')),
      done('tell', 'send_notification', effects.notification(tenantId, 'sales', `Hot lead: ${lead.company}`)),
    ],
  },
  {
    tenant: 'globex',
    body: {
      name: 'Welcome new leads',
      triggers: [
        {
          trigger_type: 'lead_created',
          conditions: {
            all: [
              { field: 'lead_status', operator: 'equals', value: 'NEW' },
              { not: { field: 'source', operator: 'in', value: ['cold_call'] } },
            ],
          },
        },
      ],
      actions: [
        action(0, 'mark', 'add_tag', { tag: 'welcome-{{ lead.source }}' }),
        action(1, 'tell', 'send_notification', { user_id: '{{ lead.owner_id }}', title: 'New lead {{ lead.lead_id }}' }),
        {
          ...action(2, 'welcome', 'send_email', {
            to: '{{ lead.email }}',
            subject: 'Welcome to Globex [{{ event.event_id }}]',
            text: 'Hello {{ lead.first_name }},\n\nthank you for your interest. Our team will call {{ lead.company | default: "you" }} soon.\n',
            html: '<p>Hello {{ lead.first_name }},</p><p>thank you for your interest.</p>',
          }),
          conditions: [{ field: 'lead_score', operator: 'greater_than', value: 60 }],
        },
      ],
    },
    startsFor: (fact) => fact.type === 'lead_created' && fact.lead.status === 'new' && fact.lead.source !== 'cold_call',
    endsAs: 'completed',
    actions: ({ tenantId, lead, eventId }) => [
      done('mark', 'add_tag', effects.tag(tenantId, lead.leadId, `welcome-${lead.source}`)),
      done('tell', 'send_notification', effects.notification(tenantId, lead.ownerId, `New lead ${lead.leadId}`)),
      lead.score === null || lead.score <= 60
        ? skipped('welcome', 'send_email', 'condition_false')
        : addressed('welcome', 'send_email', lead.email, (to) => effects.mail(to, `Welcome to Globex [${eventId}]`)),
    ],
  },
  {
    tenant: 'globex',
    body: {
      name: 'Qualify over 60',
      triggers: [{ trigger_type: 'lead_scored', trigger_config: { crossed_above: 60 } }],
      actions: [
        action(0, 'qualify', 'update_lead', { fields: { lead_status: 'qualified', qualified_score: '{{ lead_score }}' } }),
        action(1, 'tell', 'send_notification', { role: 'account-managers', title: '{{ lead.company }} qualified with {{ lead_score }}' }),
      ],
    },
    startsFor: (fact) => fact.type === 'lead_scored' && fact.previousScore < 60 && fact.score >= 60,
    endsAs: 'completed',
    actions: ({ tenantId, lead }) => [
      done('qualify', 'update_lead', effects.leadUpdate(tenantId, lead.leadId, { lead_status: 'qualified', qualified_score: lead.score })),
      done('tell', 'send_notification', effects.notification(tenantId, 'account-managers', `${lead.company} qualified with ${lead.score}`)),
    ],
  },
  {
    tenant: 'initech',
    body: {
      name: 'After a won task',
      triggers: [{ trigger_type: 'task_completed', trigger_config: { outcome: 'won' } }],
      actions: [
        action(0, 'customer', 'update_lead', { fields: { lead_status: 'customer', won_by_task: '{{ task_id }}' } }),
        action(1, 'thank', 'send_email', {
          to: '{{ lead.email }}',
          subject: 'Thank you [{{ event.event_id }}]',
          text: 'Dear {{ lead.first_name }}, welcome aboard.',
        }),
        action(2, 'onboard', 'create_task', { title: 'Onboard {{ lead.company }}', assigned_to_id: 3 }),
      ],
    },
    startsFor: (fact) => fact.type === 'task_completed' && fact.outcome === 'won',
    endsAs: 'completed',
    actions: (fact) => [
      done(
        'customer',
        'update_lead',
        effects.leadUpdate(fact.tenantId, fact.lead.leadId, {
          lead_status: 'customer',
          won_by_task: fact.type === 'task_completed' ? fact.taskId : null,
        }),
      ),
      addressed('thank', 'send_email', fact.lead.email, (to) => effects.mail(to, `Thank you [${fact.eventId}]`)),
      done('onboard', 'create_task', effects.task(fact.tenantId, fact.lead.leadId, `Onboard ${fact.lead.company}`)),
    ],
  },
  {
    tenant: 'initech',
    body: {
      name: 'Text the hottest',
      triggers: [{ trigger_type: 'lead_scored', trigger_config: { min_score: 80 } }],
      actions: [
        action(0, 'text', 'send_sms', {
          to: '{{ lead.phone }}',
          body: '{{ lead.first_name }}, may we call you today? Ref {{ event.event_id }}',
        }),
        action(1, 'mark', 'add_tag', { tag: 'texted' }),
      ],
    },
    startsFor: (fact) => fact.type === 'lead_scored' && fact.score >= 80,
    endsAs: 'completed',
    actions: ({ tenantId, lead, eventId }) => [
      addressed('text', 'send_sms', lead.phone, (to) => effects.text(to, `${lead.firstName}, may we call you today? Ref ${eventId}`)),
      done('mark', 'add_tag', effects.tag(tenantId, lead.leadId, 'texted')),
    ],
  },
  {
    tenant: 'umbrella',
    body: {
      name: 'Follow up on calls and demos',
      triggers: [{ trigger_type: 'task_completed', conditions: [{ field: 'task_type', operator: 'in', value: ['call', 'demo'] }] }],
      actions: [
        action(0, 'follow-up', 'create_task', { title: 'Follow up: {{ title }}', assigned_to_id: 11 }),
        action(1, 'mark', 'add_tag', { tag: 'after-{{ task_type }}' }),
        action(2, 'touch', 'update_lead', { fields: { last_task: '{{ task_id }}' } }),
      ],
    },
    startsFor: (fact) => fact.type === 'task_completed' && (fact.taskType === 'call' || fact.taskType === 'demo'),
    endsAs: 'completed',
    actions: (fact) =>
      fact.type !== 'task_completed'
        ? []
        : [
            done('follow-up', 'create_task', effects.task(fact.tenantId, fact.lead.leadId, `Follow up: ${fact.title}`)),
            done('mark', 'add_tag', effects.tag(fact.tenantId, fact.lead.leadId, `after-${fact.taskType}`)),
            done('touch', 'update_lead', effects.leadUpdate(fact.tenantId, fact.lead.leadId, { last_task: fact.taskId })),
          ],
  },
  {
    tenant: 'umbrella',
    body: {
      name: 'Never: no lead scores over a thousand',
      triggers: [{ trigger_type: 'lead_created', conditions: [{ field: 'lead_score', operator: 'greater_than', value: 1000 }] }],
      actions: [
        action(0, 'mail', 'send_email', { to: '{{ lead.email }}', subject: 'This must not be sent', text: 'Nobody should read this.' }),
      ],
    },
    startsFor: () => false,
    endsAs: 'completed',
    actions: () => [],
  },
];

function action(order: number, name: string, actionType: string, config: Record<string, unknown>): Record<string, unknown> {
  return { name, action_type: actionType, action_config: config, order };
}

function done(name: string, type: string, effect: Effect): ExpectedAction {
  return { name, type, status: 'completed', skipReason: null, effect };
}

function skipped(name: string, type: string, skipReason: string): ExpectedAction {
  return { name, type, status: 'skipped', skipReason, effect: null };
}

function addressed(name: string, type: string, address: string | null, effect: (address: string) => Effect): ExpectedAction {
  return address === null ? skipped(name, type, 'no_address') : done(name, type, effect(address));
}
