import type { EventView } from '@millrace/messages';

export type InstanceStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';

interface Common {
  /** 1..n per instance, without gap. */
  seq: number;
  /** ms since the epoch, by the executor's clock when it was decided. */
  at: number;
}

interface OfAction extends Common {
  action_id: number;
  action_name: string;
  action_type: string;
}

export interface InstanceStarted extends Common {
  type: 'instance_started';
  status: 'running';
  /** W3C Trace Context of what started it: what goes on later, by a resume, joins it. Not part of the log. */
  traceparent?: string;
  detail: {
    event: EventView;
    triggered_by: string;
    triggered_by_value: string;
    trigger_id: number | null;
    /** ms: the first action's fixed `now`; of the command's record, or of the row that the API inserted. */
    now: number;
    /** The run of a scheduled task that it is. */
    task?: TaskRun;
    /** Where the start event lies; absent where it came by no topic. */
    origin?: Origin;
  };
}

export interface TaskRun {
  id: number;
  type: string;
  config: { [key: string]: Json };
  revision: number;
  max_retries: number;
  retry_delay_seconds: number;
}

/** A record's place. */
export interface Origin {
  topic: string;
  partition: number;
  offset: number;
}

export interface InstanceEnded extends Common {
  type: 'instance_completed' | 'instance_failed' | 'instance_cancelled';
  status: 'completed' | 'failed' | 'cancelled';
  reason?: string;
  /** Since its first start; absent where it was cancelled before it did anything. */
  duration_ms?: number;
}

export interface CancelRequested extends Common {
  type: 'cancel_requested';
  reason?: string;
  detail: { requested_by: string };
}

/** An event that some action of the workflow waits for; kept until one uses it. */
export interface EventReceived extends Common {
  type: 'event_received';
  detail: { event: EventView };
}

/** A retry by hand of an instance that failed: it goes on from the failed action. */
export interface RetryRequested extends Common {
  type: 'retry_requested';
  status: 'running';
  detail: {
    requested_by: string;
    /** Of the row that the user saw. */
    row_version: number;
    /** The workflow's version that it goes on with. */
    workflow_version: number;
  };
}

/** A scheduled task's run has failed and is tried again from the failed action. */
export interface RunRetried extends Common {
  type: 'run_retried';
  status: 'running';
  /** The code of what failed. */
  reason: string;
  /** From 1. */
  attempt: number;
  detail: { retry_at: string };
}

/** A branch, split or timeout has chosen the list of actions that it runs. */
export interface ArmTaken extends OfAction {
  type: 'arm_taken';
  status: 'running';
  detail: { arm: string };
}

/** A delay, or a wait for an event, has begun. */
export interface WaitStarted extends OfAction {
  type: 'wait_started';
  status: 'running';
  detail: { until: string; event_name?: string };
}

export interface DelayStarted extends OfAction {
  type: 'delay_started';
  status: 'pending';
  detail: { until: string };
}

/** Durable before the call (`at_most_once`), or once a call has taken too long to be held by its input. */
export interface ActionStarted extends OfAction {
  type: 'action_started';
  status: 'running';
  attempt: number;
  detail: { deadline: string };
}

export interface AttemptFailed extends OfAction {
  type: 'attempt_failed';
  status: 'running';
  attempt: number;
  error_code: string;
  error_message: string;
  duration_ms: number;
  detail: { retry_at: string };
}

export interface ActionCompleted extends OfAction {
  type: 'action_completed';
  status: 'completed';
  attempt: number;
  duration_ms: number;
  detail: { input: Json; output: Json };
}

export interface ActionFailed extends OfAction {
  type: 'action_failed';
  status: 'failed';
  attempt: number;
  error_code: string;
  error_message: string;
  duration_ms: number;
  detail?: { input: Json };
}

export interface ActionSkipped extends OfAction {
  type: 'action_skipped';
  status: 'skipped';
  reason: string;
}

export interface ActionUnknown extends OfAction {
  type: 'action_unknown';
  status: 'unknown';
  attempt: number;
  reason: string;
}

/** The instance has ended although this was begun: gone on with only where a retry by hand takes the instance up again. */
export interface ActionCancelled extends OfAction {
  type: 'action_cancelled';
  status: 'cancelled';
  /** How the instance ended. */
  reason: 'instance_completed' | 'instance_failed' | 'instance_cancelled';
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One transition of an instance: an element of the row's journal, and one row of the execution log. */
export type Entry =
  | InstanceStarted
  | InstanceEnded
  | CancelRequested
  | EventReceived
  | RetryRequested
  | RunRetried
  | ArmTaken
  | WaitStarted
  | DelayStarted
  | ActionStarted
  | AttemptFailed
  | ActionCompleted
  | ActionFailed
  | ActionSkipped
  | ActionUnknown
  | ActionCancelled;

type WithoutSeq<E> = E extends Entry ? Omit<E, 'seq'> : never;
/** An entry as it is decided, before its place in the journal is known. */
export type NewEntry = WithoutSeq<Entry>;
