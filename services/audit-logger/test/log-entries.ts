import { completeLogEntry, type ExecutionLog, type LogEntry } from '@millrace/messages';
import type { LogItem } from '../src/log-item.ts';
import { aDeadLetterRecord } from './dead-letter-record.ts';

export const now = Date.UTC(2026, 10, 24, 10);
export const instanceOf = (number: number): string => number.toString(16).padStart(32, '0');

/** The start of an instance; its time is its place in ms. */
export function anEntry(overrides: Partial<LogEntry> = {}): LogEntry {
  const seq = overrides.seq ?? 1;
  return completeLogEntry({ seq, type: 'instance_started', at: now + seq, ...overrides });
}

/** An entry of action 7, add_tag. */
export function anActionEntry(overrides: Partial<LogEntry>): LogEntry {
  return anEntry({ action_id: 7, action_name: 'tag', action_type: 'add_tag', ...overrides });
}

export function aLog(overrides: Partial<ExecutionLog> = {}): ExecutionLog {
  return {
    tenant_id: 'acme',
    instance_id: instanceOf(1),
    workflow_id: 1,
    workflow_version: 1,
    entity_type: 'lead',
    entity_id: 'lead-1',
    scheduled_task_id: null,
    scheduled_for: null,
    entries: [anEntry()],
    ...overrides,
  };
}

/** The log's entries on their way into the tables. */
export function itemsOf(overrides: Partial<ExecutionLog> = {}): LogItem[] {
  const { entries, ...header } = aLog(overrides);
  const record = aDeadLetterRecord({ topic: 'workflow.execution-log' });
  return entries.map((entry) => ({ header, entry, record }));
}
