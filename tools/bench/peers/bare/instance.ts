import type { InstanceRow } from '@millrace/db';
import {
  actionKey,
  type CrmCommand,
  completeLogEntry,
  type ExecutionLog,
  type LogEntry,
  type StartInstance,
  type WorkflowCommand,
} from '@millrace/messages';
import type { ActionNode, WorkflowVersion } from '@millrace/workflow';

/** An instance of W between two flushes: its row as it is to be written, and what of it is new. */
export interface BareInstance {
  version: WorkflowVersion;
  start: StartInstance;
  row: InstanceRow;
  /** What follows the stored journal without its last bracket. */
  journalTail: string;
  /** Of this flush. */
  entries: LogEntry[];
}

const lastSeq = 5;

/** An instance that nothing has been written of. */
export function createInstance(
  { tenant_id: tenantId, instance_id: id, ...command }: WorkflowCommand,
  version: WorkflowVersion,
): BareInstance {
  const start = (command.command as { 'millrace.StartInstance': StartInstance })['millrace.StartInstance'];
  const now = Date.now();
  const row: InstanceRow = {
    id,
    tenantId,
    workflowId: version.id,
    workflowVersion: version.version,
    scheduledTaskId: null,
    scheduledForMs: null,
    entityType: command.entity_type,
    entityId: command.entity_id,
    triggeredBy: start.triggered_by,
    triggeredByValue: start.triggered_by_value,
    status: 'running',
    progress: 0,
    executedActions: 0,
    failedActions: 0,
    rowVersion: 0,
    journal: '',
    publishedSeq: 0,
    wakeAtMs: null,
    waitingFor: null,
    inbox: null,
    startedAtMs: now,
    completedAtMs: null,
    createdAtMs: now,
  };
  return { version, start, row, journalTail: '', entries: [] };
}

/** The call that is next: a command to the CRM. */
export function nextCommand({ row, version, start }: BareInstance): CrmCommand {
  const action = version.actions[row.executedActions] as ActionNode;
  return {
    command_id: actionKey(row.id, action.id),
    tenant_id: row.tenantId,
    entity_type: row.entityType,
    entity_id: row.entityId,
    issued_at: Date.now(),
    causation: { root_event_id: start.triggered_by_value, depth: 1, workflow_ids: [version.id] },
    command: { 'millrace.AddTag': { lead_id: row.entityId, tag: action.name } },
  };
}

/** The call is acknowledged: what that makes of the row, with the start before the first action and the end after the last. */
export function recordAction(instance: BareInstance): void {
  const { row, start, version } = instance;
  const action = version.actions[row.executedActions] as ActionNode;
  const now = Date.now();
  const texts: string[] = [];
  instance.entries = [];
  const add = (text: string, entry: Partial<LogEntry> & Pick<LogEntry, 'type'>) => {
    const seq = row.executedActions + 2 + (entry.type === 'instance_started' ? -1 : entry.type === 'instance_completed' ? 1 : 0);
    texts.push(`{"type":"${entry.type}","at":${now},"status":"${entry.status}",${text},"seq":${seq}}`);
    instance.entries.push({ ...noFields, ...entry, seq, at: now });
  };
  if (row.rowVersion === 0) {
    const detail = `{"event":${start.event},"triggered_by":"event","triggered_by_value":"${row.triggeredByValue}","trigger_id":null,"now":${now}}`;
    add(`"detail":${detail}`, { type: 'instance_started', status: 'running', detail });
  }
  const detail = `{"input":{"lead_id":"${row.entityId}","tag":"${action.name}"},"output":{"command_id":"${row.id}/${action.id}"}}`;
  const named = { action_id: action.id, action_name: action.name, action_type: action.action_type, attempt: 1, duration_ms: 0 };
  add(
    `"action_id":${action.id},"action_name":"${action.name}","action_type":"${action.action_type}","attempt":1,"duration_ms":0,"detail":${detail}`,
    { type: 'action_completed', status: 'completed', detail, ...named },
  );
  const isLast = row.executedActions + 1 === version.actions.length;
  if (isLast) {
    const duration = now - row.createdAtMs;
    add(`"duration_ms":${duration}`, { type: 'instance_completed', status: 'completed', duration_ms: duration });
  }
  const isFirst = row.rowVersion === 0;
  instance.journalTail = `${isFirst ? '' : ','}${texts.join(',')}]`;
  row.journal = isFirst ? `[${instance.journalTail}` : row.journal;
  row.executedActions += 1;
  row.rowVersion += 1;
  row.progress = isLast ? 100 : Math.floor((row.executedActions * 100) / version.actions.length);
  row.status = isLast ? 'completed' : 'running';
  row.completedAtMs = isLast ? now : null;
  row.publishedSeq = isLast ? lastSeq : 0;
}

/** What the flush has made durable, as one record. */
export function logOf({ row, entries }: BareInstance): ExecutionLog {
  return {
    tenant_id: row.tenantId,
    instance_id: row.id,
    workflow_id: row.workflowId,
    workflow_version: row.workflowVersion,
    entity_type: row.entityType,
    entity_id: row.entityId,
    scheduled_task_id: null,
    scheduled_for: null,
    entries,
  };
}

const noFields = completeLogEntry({ seq: 0, type: '', at: 0 });
