import { randomBytes } from 'node:crypto';
import { completeLogEntry, type ExecutionLog, type LogEntry } from '@millrace/messages';
import type { WorkflowVersion } from '@millrace/workflow';

/** The log of one instance of three actions as the executor sends it: a record for each commit, five entries in all. */
export function logsOf(version: WorkflowVersion, id: string, atMs: number): ExecutionLog[] {
  const leadId = `lead-${id}`;
  const header = {
    tenant_id: version.tenant_id,
    instance_id: id,
    workflow_id: version.id,
    workflow_version: version.version,
    entity_type: 'lead',
    entity_id: leadId,
    scheduled_task_id: null,
    scheduled_for: null,
  };
  const started = completeLogEntry({
    seq: 1,
    type: 'instance_started',
    at: atMs,
    status: 'running',
    detail: JSON.stringify({ event: { event_id: id, entity_id: leadId, data: { lead_id: leadId, lead_score: 85, source: 'web' } } }),
  });
  const actions = version.actions.map((action, index) =>
    completeLogEntry({
      seq: index + 2,
      type: 'action_completed',
      at: atMs + index + 1,
      status: 'completed',
      action_id: action.id,
      action_name: action.name,
      action_type: action.action_type,
      attempt: 1,
      duration_ms: 1 + (atMs % 40) * (index + 1),
      detail: JSON.stringify({ input: { lead_id: leadId, tag: 'hot' }, output: { command_id: `${id}-${index}` } }),
    }),
  );
  const end = completeLogEntry({
    seq: actions.length + 2,
    type: 'instance_completed',
    at: atMs + actions.length + 1,
    status: 'completed',
    duration_ms: 5 + (atMs % 300),
  });
  const [first, ...others] = actions as [LogEntry, ...LogEntry[]];
  const last = others.pop() as LogEntry;
  return [[started, first], ...others.map((entry) => [entry]), [last, end]].map((entries) => ({ ...header, entries }));
}

export const entriesOfInstance = 5;

/** Ids as scattered as those of real instances, sorted. */
export function newInstanceIds(count: number): string[] {
  return Array.from({ length: count }, () => randomBytes(16).toString('hex')).sort();
}
