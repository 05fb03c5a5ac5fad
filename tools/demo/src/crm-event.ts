import type { Lead } from './leads.ts';

export const tenantNames = ['acme', 'globex', 'initech', 'umbrella'] as const;
export type TenantName = (typeof tenantNames)[number];

interface OfLead {
  eventId: string;
  tenant: TenantName;
  tenantId: string;
  occurredAtMs: number;
  /** The lead as it is after the event. */
  lead: Lead;
}

/** A fact of the demo CRM, before it is written as Avro. */
export type CrmFact =
  | (OfLead & { type: 'lead_created' })
  | (OfLead & { type: 'lead_scored'; previousScore: number; score: number })
  | (OfLead & { type: 'task_completed'; taskId: string; title: string; taskType: string; outcome: string });

/** The record that `schemas/crm.events.avsc` describes; unions of records are wrapped by their names. */
export function eventRecord(fact: CrmFact): Record<string, unknown> {
  return {
    event_id: fact.eventId,
    tenant_id: fact.tenantId,
    event_type: fact.type,
    entity_type: 'lead',
    entity_id: fact.lead.leadId,
    occurred_at: fact.occurredAtMs,
    source: 'demo-crm',
    bulk_id: null,
    causation: null,
    data: dataOf(fact),
    previous: fact.type === 'lead_scored' ? { 'millrace.LeadScored': leadRecord({ ...fact.lead, score: fact.previousScore }) } : null,
  };
}

function dataOf(fact: CrmFact): Record<string, unknown> {
  switch (fact.type) {
    case 'lead_created':
      return { 'millrace.LeadCreated': leadRecord(fact.lead) };
    case 'lead_scored':
      return { 'millrace.LeadScored': leadRecord(fact.lead) };
    case 'task_completed':
      return {
        'millrace.TaskCompleted': {
          task_id: fact.taskId,
          lead_id: fact.lead.leadId,
          title: fact.title,
          task_type: fact.taskType,
          outcome: fact.outcome,
          assigned_to_id: fact.lead.ownerId,
          completed_at: fact.occurredAtMs,
          lead: leadRecord(fact.lead),
        },
      };
  }
}

function leadRecord(lead: Lead): Record<string, unknown> {
  return {
    lead_id: lead.leadId,
    first_name: lead.firstName,
    last_name: lead.lastName,
    email: lead.email,
    phone: lead.phone,
    company: lead.company,
    lead_status: lead.status,
    lead_score: lead.score,
    source: lead.source,
    owner_id: lead.ownerId,
    tags: lead.tags,
    custom: { employees: { value: lead.employees } },
  };
}
