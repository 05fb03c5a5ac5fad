import type { CrmEvent, LeadCreated, LeadScored, TaskCompleted } from '@millrace/messages';

type EventOverrides = Partial<CrmEvent> & Pick<CrmEvent, 'tenant_id'>;

const aLead = (leadId: string): LeadCreated => ({
  lead_id: leadId,
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@example.com',
  phone: '+15550001111',
  company: 'Analytical Engines',
  lead_status: 'new',
  lead_score: 85,
  source: 'website',
  owner_id: 'user-7',
  tags: [],
  custom: {},
});

function anEvent(overrides: EventOverrides & Pick<CrmEvent, 'event_type' | 'data'>): CrmEvent {
  return {
    event_id: `event-${process.hrtime.bigint()}`,
    entity_type: 'lead',
    entity_id: 'lead-1',
    occurred_at: Date.now(),
    source: 'test-crm',
    bulk_id: null,
    causation: null,
    previous: null,
    ...overrides,
  };
}

/** A CRM's lead_created; the lead's id is the entity's. */
export function aLeadCreated(overrides: EventOverrides, lead: Partial<LeadCreated> = {}): CrmEvent {
  const data = { 'millrace.LeadCreated': { ...aLead(overrides.entity_id ?? 'lead-1'), ...lead } };
  return anEvent({ event_type: 'lead_created', data, ...overrides });
}

/** A CRM's lead_scored, from `previousScore` to the lead's score. */
export function aLeadScored(overrides: EventOverrides, lead: Partial<LeadScored>, previousScore: number): CrmEvent {
  const after = { ...aLead(overrides.entity_id ?? 'lead-1'), ...lead };
  return anEvent({
    event_type: 'lead_scored',
    data: { 'millrace.LeadScored': after },
    previous: { 'millrace.LeadScored': { ...after, lead_score: previousScore } },
    ...overrides,
  });
}

/** A CRM's task_completed, about its lead. */
export function aTaskCompleted(overrides: EventOverrides, task: Partial<TaskCompleted> = {}): CrmEvent {
  const leadId = overrides.entity_id ?? 'lead-1';
  const data: TaskCompleted = {
    task_id: 'task-1',
    lead_id: leadId,
    title: 'Call back',
    task_type: 'call',
    outcome: 'won',
    assigned_to_id: 'user-7',
    completed_at: Date.now(),
    lead: aLead(leadId),
    ...task,
  };
  return anEvent({ event_type: 'task_completed', data: { 'millrace.TaskCompleted': data }, ...overrides });
}
