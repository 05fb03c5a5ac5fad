import type { CrmEvent, FieldValue, LeadCreated, TaskCompleted } from '@millrace/messages';
import type { CompletionFields, EventRequest, LeadFields, TaskFields } from './event-request.ts';

type Fields = NonNullable<LeadFields['custom']>;

/** An event as posted, as the record that `crm.events` carries. `previous` says only what has changed: the rest is as in `data`. */
export function crmEvent(
  request: EventRequest,
  { tenantId, eventId, nowMs }: { tenantId: string; eventId: string; nowMs: number },
): CrmEvent {
  return {
    event_id: request.event_id ?? eventId,
    tenant_id: tenantId,
    event_type: request.event_type,
    entity_type: request.entity_type,
    entity_id: request.entity_id ?? leadIdOf(request),
    occurred_at: request.occurred_at ?? nowMs,
    source: request.source,
    bulk_id: request.bulk_id,
    causation: request.causation,
    data: branchOf(request.event_type, request.data),
    previous: request.previous === null ? null : branchOf(request.event_type, { ...request.data, ...request.previous }),
  };
}

/** Of lead and task events the entity is the lead, named or not. */
function leadIdOf({ data }: EventRequest): string {
  return 'lead_id' in data ? String(data.lead_id) : '';
}

function branchOf(eventType: string, data: object): CrmEvent['data'] {
  switch (eventType) {
    case 'lead_created':
      return { 'millrace.LeadCreated': leadRecord(data as LeadFields) };
    case 'lead_scored':
      return { 'millrace.LeadScored': leadRecord(data as LeadFields) };
    case 'task_completed':
      return { 'millrace.TaskCompleted': taskRecord(data as TaskFields) };
    case 'workflow_completed':
      return { 'millrace.WorkflowCompleted': data as CompletionFields };
    default:
      return { 'millrace.CustomEvent': { fields: fieldValues(data as Fields) } };
  }
}

function leadRecord(lead: LeadFields): LeadCreated {
  return {
    lead_id: lead.lead_id,
    first_name: lead.first_name ?? null,
    last_name: lead.last_name ?? null,
    email: lead.email ?? null,
    phone: lead.phone ?? null,
    company: lead.company ?? null,
    lead_status: lead.lead_status ?? null,
    lead_score: lead.lead_score ?? null,
    source: lead.source ?? null,
    owner_id: lead.owner_id ?? null,
    tags: lead.tags ?? [],
    custom: fieldValues(lead.custom ?? {}),
  };
}

function taskRecord(task: TaskFields): TaskCompleted {
  return {
    task_id: task.task_id,
    lead_id: task.lead_id,
    title: task.title ?? null,
    task_type: task.task_type ?? null,
    outcome: task.outcome ?? null,
    assigned_to_id: task.assigned_to_id ?? null,
    completed_at: task.completed_at ?? null,
    lead: task.lead ? leadRecord(task.lead) : null,
  };
}

function fieldValues(fields: Fields): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, fieldValue(value)]));
}

function fieldValue(value: Fields[string]): FieldValue {
  if (Array.isArray(value)) return { value: value.map(fieldValue) };
  if (typeof value === 'object' && value !== null) return { value: fieldValues(value) };
  return { value };
}
