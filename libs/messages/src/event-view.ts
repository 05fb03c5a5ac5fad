import { TerminalError } from '@millrace/runtime';
import type { Causation, CrmEvent, FieldValue } from './generated.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** An event as conditions and templates see it: plain JSON, times as ISO 8601. */
export interface EventView {
  event_id: string;
  event_type: string;
  entity_type: string;
  entity_id: string;
  occurred_at: string;
  source: string;
  bulk_id: string | null;
  causation: Causation | null;
  data: Record<string, Json>;
  previous: Record<string, Json> | null;
}

type Branch = keyof typeof shapes;
type UnionOfBranches = CrmEvent['data'];

const deepestNesting = 64;

const branchByEventType = new Map<string, Branch>([
  ['lead_created', 'millrace.LeadCreated'],
  ['lead_scored', 'millrace.LeadScored'],
  ['task_completed', 'millrace.TaskCompleted'],
  ['workflow_completed', 'millrace.WorkflowCompleted'],
]);

function plainValue({ value }: FieldValue, depth: number): Json {
  if (depth > deepestNesting)
    throw new TerminalError('event_too_deep', `Expected at most ${deepestNesting} levels of nesting, but found more`);
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1));
  if (value !== null && typeof value === 'object') return plainFields(value, depth + 1);
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

function plainFields(fields: { [key: string]: FieldValue }, depth = 0): Record<string, Json> {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, plainValue(field, depth)]));
}

type Lead = Extract<UnionOfBranches, { 'millrace.LeadCreated': unknown }>['millrace.LeadCreated'];
type Task = Extract<UnionOfBranches, { 'millrace.TaskCompleted': unknown }>['millrace.TaskCompleted'];
type Completion = Extract<UnionOfBranches, { 'millrace.WorkflowCompleted': unknown }>['millrace.WorkflowCompleted'];
type Custom = Extract<UnionOfBranches, { 'millrace.CustomEvent': unknown }>['millrace.CustomEvent'];

const plainLead = (lead: Lead): Record<string, Json> => ({ ...lead, tags: [...lead.tags], custom: plainFields(lead.custom) });

const shapes = {
  'millrace.LeadCreated': plainLead,
  'millrace.LeadScored': plainLead,
  'millrace.TaskCompleted': (task: Task): Record<string, Json> => ({
    ...task,
    completed_at: task.completed_at === null ? null : isoTime(task.completed_at),
    lead: task.lead === null ? null : plainLead(task.lead),
  }),
  'millrace.WorkflowCompleted': (completion: Completion): Record<string, Json> => ({ ...completion }),
  'millrace.CustomEvent': ({ fields }: Custom): Record<string, Json> => plainFields(fields),
};

function isoTime(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) throw new TerminalError('event_time_invalid', `Expected a time, but ${ms} is none`);
  return new Date(ms).toISOString();
}

function plainBranch(event: CrmEvent, union: UnionOfBranches, field: string): Record<string, Json> {
  const expected = branchByEventType.get(event.event_type) ?? 'millrace.CustomEvent';
  const [branch, value] = Object.entries(union)[0] ?? [];
  if (branch !== expected) {
    throw new TerminalError('event_branch_mismatch', `Expected ${field} of ${event.event_type} to be ${expected}, but it is ${branch}`);
  }
  return (shapes[expected] as (value: unknown) => Record<string, Json>)(value);
}

/** Throws TerminalError `event_branch_mismatch` where `data` or `previous` isn't the record that the event's type asks for. */
export function eventView(event: CrmEvent): EventView {
  return {
    event_id: event.event_id,
    event_type: event.event_type,
    entity_type: event.entity_type,
    entity_id: event.entity_id,
    occurred_at: isoTime(event.occurred_at),
    source: event.source,
    bulk_id: event.bulk_id,
    causation: event.causation,
    data: plainBranch(event, event.data, 'data'),
    previous: event.previous === null ? null : plainBranch(event, event.previous, 'previous'),
  };
}
