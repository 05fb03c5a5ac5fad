import type { EventView } from '@millrace/messages';
import type { NewEntry, Origin, TaskRun } from './entries.ts';
import { hasEnded, type InstanceState } from './state.ts';

export interface Start {
  event: EventView;
  triggeredBy: string;
  triggeredByValue: string;
  triggerId: number | null;
  /** ms: the record's time, or the row's creation. */
  nowMs: number;
  origin: Origin | null;
  /** The run of a scheduled task that it is. */
  task: TaskRun | null;
  /** A reason to end at once, cancelled and without effects. */
  blocked: string | null;
  traceparent?: string | undefined;
}

const traceparentPattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A start of an instance that has started decides to nothing. */
export function decideStart(state: InstanceState, start: Start, atMs: number): NewEntry[] {
  if (state.status !== 'pending') return [];
  const started: NewEntry = {
    type: 'instance_started',
    at: atMs,
    status: 'running',
    ...(start.traceparent !== undefined && traceparentPattern.test(start.traceparent) ? { traceparent: start.traceparent } : {}),
    detail: {
      event: start.event,
      triggered_by: start.triggeredBy,
      triggered_by_value: start.triggeredByValue,
      trigger_id: start.triggerId,
      now: start.nowMs,
      ...(start.task === null ? {} : { task: start.task }),
      ...(start.origin === null ? {} : { origin: start.origin }),
    },
  };
  if (start.blocked === null) return [started];
  return [started, { type: 'instance_cancelled', at: atMs, status: 'cancelled', reason: start.blocked }];
}

export interface CancelRequest {
  requestedBy: string;
  reason: string | null;
  /** Of the row that the user saw. */
  rowVersion: number;
}

/** Stored once; an instance that has ended, never was, or was retried by hand since has nothing to cancel. */
export function decideCancel(state: InstanceState, { requestedBy, reason, rowVersion }: CancelRequest, atMs: number): NewEntry[] {
  if (hasEnded(state) || state.cancelRequested !== null || state.retriedRowVersion >= rowVersion) return [];
  return [{ type: 'cancel_requested', at: atMs, ...(reason === null ? {} : { reason }), detail: { requested_by: requestedBy } }];
}

export interface RetryRequest {
  requestedBy: string;
  rowVersion: number;
  workflowVersion: number;
}

/** Only an instance that has failed, and was not retried since the user saw it, is retried. */
export function decideRetry(state: InstanceState, request: RetryRequest, atMs: number): NewEntry[] {
  if (state.status !== 'failed' || state.retriedRowVersion >= request.rowVersion) return [];
  const { requestedBy, rowVersion, workflowVersion } = request;
  return [
    {
      type: 'retry_requested',
      at: atMs,
      status: 'running',
      detail: { requested_by: requestedBy, row_version: rowVersion, workflow_version: workflowVersion },
    },
  ];
}

const mostEvents = 100;
const mostBytes = 64 * 1024;

/** What became of an event that was delivered. */
export type Delivery =
  | { kind: 'received'; entries: NewEntry[] }
  | { kind: 'dropped'; reason: 'ended' | 'own_start' | 'repeated' | 'before_start' | 'full' };

/** Takes an event into the inbox: once, from the instance's start on, and as many as it holds unused. */
export function decideEvent(state: InstanceState, event: EventView, origin: Origin, atMs: number): Delivery {
  if (hasEnded(state) || state.start === null) return { kind: 'dropped', reason: 'ended' };
  if (event.event_id === state.start.event.event_id) return { kind: 'dropped', reason: 'own_start' };
  if (state.received.some((item) => item.event.event_id === event.event_id)) return { kind: 'dropped', reason: 'repeated' };
  const from = state.start.origin;
  if (from !== undefined && from.topic === origin.topic && from.partition === origin.partition && origin.offset < from.offset) {
    return { kind: 'dropped', reason: 'before_start' };
  }
  const unused = state.received.filter((item) => !item.isUsed).map((item) => item.event);
  const bytes = [...unused, event].reduce((sum, each) => sum + Buffer.byteLength(JSON.stringify(each)), 0);
  if (unused.length >= mostEvents || bytes > mostBytes) return { kind: 'dropped', reason: 'full' };
  return { kind: 'received', entries: [{ type: 'event_received', at: atMs, detail: { event } }] };
}
