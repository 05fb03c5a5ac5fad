import { headerText, type InRecord } from '@millrace/bus';
import type { InstanceRow } from '@millrace/db';
import type { EventView, RunScheduledTask, WorkflowCommand } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import { isJsonObject, type JsonObject, taskEntityOf } from '@millrace/workflow';
import type { Place } from './entity-order.ts';
import type { Start } from './instance/decide-input.ts';
import { Draft } from './instance/draft.ts';
import type { InputKind } from './instance/entitlement.ts';
import type { TaskRun } from './instance/entries.ts';

/** A decoded command with the record that it came in. */
export interface Input {
  record: InRecord;
  instanceId: string;
  kind: InputKind;
  /** Of a resume, cancel or retry: the row that its sender saw. */
  rowVersion: number | null;
  command: WorkflowCommand;
  /** Of a delivery. */
  event: EventView | null;
  /** Of a start that has been given one: its instance is created there. */
  place?: Place;
  traceparent: string | undefined;
}

/** Checks what the schema can't. TerminalError `tenant_mismatch` or `malformed_command`. */
export function createInput(record: InRecord, command: WorkflowCommand): Input {
  if (record.key?.toString('utf8') !== command.tenant_id) {
    throw new TerminalError('tenant_mismatch', `Expected the record's key to be its tenant ${command.tenant_id}, but it isn't`);
  }
  if (!/^[0-9a-f]{32}$/.test(command.instance_id) && !('millrace.DeliverEvent' in command.command)) {
    throw new TerminalError('malformed_command', "Expected instance_id to be 32 hexadecimal digits, but it isn't");
  }
  const traceparent = headerText(record, 'traceparent');
  const delivery = 'millrace.DeliverEvent' in command.command ? command.command['millrace.DeliverEvent'] : null;
  const event = delivery === null ? null : parseEvent('DeliverEvent', delivery.event);
  return { record, instanceId: command.instance_id, command, event, traceparent, ...kindOf(command) };
}

function kindOf({ command }: WorkflowCommand): { kind: InputKind; rowVersion: number | null } {
  if ('millrace.StartInstance' in command || 'millrace.RunScheduledTask' in command) return { kind: 'start', rowVersion: null };
  if ('millrace.ResumeInstance' in command) return { kind: 'resume', rowVersion: command['millrace.ResumeInstance'].row_version };
  if ('millrace.CancelInstance' in command) return { kind: 'cancel', rowVersion: command['millrace.CancelInstance'].row_version };
  if ('millrace.RetryInstance' in command) return { kind: 'retry', rowVersion: command['millrace.RetryInstance'].row_version };
  return { kind: 'event', rowVersion: null };
}

/** The start that an input or, for an instance that the API inserted, its row holds; null where there is none. */
export function startOf(input: Input, row: InstanceRow | null): Start | null {
  const { command } = input.command;
  if ('millrace.StartInstance' in command) {
    const start = command['millrace.StartInstance'];
    return {
      event: parseEvent('StartInstance', start.event),
      triggeredBy: start.triggered_by,
      triggeredByValue: start.triggered_by_value,
      triggerId: start.trigger_id,
      nowMs: row?.createdAtMs ?? input.record.timestampMs,
      origin:
        start.origin_topic === null || start.origin_partition === null || start.origin_offset === null
          ? null
          : { topic: start.origin_topic, partition: start.origin_partition, offset: start.origin_offset },
      task: null,
      blocked: start.blocked,
    };
  }
  if ('millrace.RunScheduledTask' in command) {
    const run = command['millrace.RunScheduledTask'];
    const task = taskRunOf(run);
    return {
      event: occurrenceEvent(run.task_id, run.due_at, task.config),
      triggeredBy: 'scheduled_task',
      triggeredByValue: String(run.task_id),
      triggerId: null,
      nowMs: run.due_at,
      origin: null,
      task,
      blocked: run.skip_reason,
    };
  }
  return row?.inbox == null ? null : storedStart(row.inbox, row.createdAtMs);
}

interface StoredStart {
  start: { event: EventView; triggered_by: string; triggered_by_value: string; trigger_id: number | null };
}

function storedStart(inbox: string, nowMs: number): Start {
  const { start } = JSON.parse(inbox) as StoredStart;
  return {
    event: start.event,
    triggeredBy: start.triggered_by,
    triggeredByValue: start.triggered_by_value,
    triggerId: start.trigger_id,
    nowMs,
    origin: null,
    task: null,
    blocked: null,
  };
}

function parseEvent(command: string, text: string): EventView {
  return parseObject(`${command}.event`, text) as unknown as EventView;
}

function parseObject(field: string, text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new TerminalError('malformed_command', `Expected ${field} to be a JSON text, but it isn't`, { cause });
  }
  throw new TerminalError('malformed_command', `Expected ${field} to hold an object, but it doesn't`);
}

function taskRunOf(run: RunScheduledTask): TaskRun {
  return {
    id: run.task_id,
    type: run.task_type,
    config: parseObject('RunScheduledTask.task_config', run.task_config),
    revision: run.task_revision,
    max_retries: run.max_retries,
    retry_delay_seconds: run.retry_delay_seconds,
  };
}

/** What templates and conditions see of an occurrence: the config's own data, and about whom it is where the config names an entity. */
function occurrenceEvent(taskId: number, dueAtMs: number, config: TaskRun['config']): EventView {
  const dueAt = new Date(dueAtMs).toISOString();
  const { additional_data: additional, data = additional } = config;
  const { entityType, entityId } = taskEntityOf(taskId, config);
  return {
    event_id: `${taskId}@${dueAtMs}`,
    event_type: 'scheduled_task',
    entity_type: entityType,
    entity_id: entityId,
    occurred_at: dueAt,
    source: 'scheduler',
    bulk_id: null,
    causation: null,
    data: { ...(entityType === 'lead' ? { lead_id: entityId } : {}), ...(isJsonObject(data) ? data : {}), task_id: taskId, due_at: dueAt },
    previous: null,
  };
}

/** The instance that a start makes, not yet in the table. */
export function createDraft(input: Input, start: Start, atMs: number): Draft {
  const { command } = input.command;
  const run = 'millrace.RunScheduledTask' in command ? command['millrace.RunScheduledTask'] : null;
  const begin = 'millrace.StartInstance' in command ? command['millrace.StartInstance'] : null;
  return Draft.create({
    id: input.instanceId,
    tenantId: input.command.tenant_id,
    workflowId: begin?.workflow_id ?? run?.workflow_id ?? null,
    workflowVersion: begin?.workflow_version ?? run?.workflow_version ?? null,
    scheduledTaskId: run?.task_id ?? null,
    scheduledForMs: run?.due_at ?? null,
    entityType: input.command.entity_type,
    entityId: input.command.entity_id,
    triggeredBy: start.triggeredBy,
    triggeredByValue: start.triggeredByValue,
    createdAtMs: atMs,
  });
}
