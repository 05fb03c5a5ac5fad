import type { EventView } from '@millrace/messages';
import type { InstanceStarted, InstanceStatus, Json } from './entries.ts';

export type ActionStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped' | 'unknown' | 'cancelled';

export interface ActionState {
  /** Empty before its first entry. */
  name: string;
  type: string;
  status: ActionStatus;
  /** The newest attempt that has an outcome; 0 before the first. */
  attempts: number;
  /** The attempt of an `action_started` entry without an outcome. */
  startedAttempt: number | null;
  deadlineMs: number | null;
  delayUntilMs: number | null;
  retryAtMs: number | null;
  /** When it took an arm or began to wait. */
  beganAtMs: number | null;
  /** Until when a delay or a wait for an event lasts. */
  waitUntilMs: number | null;
  /** The list of actions that it runs. */
  arm: string | null;
  /** Of the retry by hand that it runs in; 0 before any. Part of the action key. */
  retry: number;
  /** How often it was begun anew after it had failed. Its attempts are counted from 1 in each round. */
  round: number;
  output: Json;
}

/** An event in the inbox. */
export interface ReceivedEvent {
  event: EventView;
  isUsed: boolean;
}

/** What the journal says of an instance: `journal.reduce(evolve, initialState)`. */
export interface InstanceState {
  status: InstanceStatus;
  seq: number;
  start: InstanceStarted['detail'] | null;
  /** Of what started it, where it has one. */
  traceparent?: string;
  actionById: ReadonlyMap<number, ActionState>;
  variables: Readonly<Record<string, Json>>;
  received: readonly ReceivedEvent[];
  cancelRequested: { reason: string | null } | null;
  /** Retries by hand. */
  retries: number;
  /** Automatic retries of a scheduled task's run. */
  runRetries: number;
  /** Of the row that the last of them was asked for on; −1 before any. */
  retriedRowVersion: number;
  /** The action whose end is the newest: where an instance that failed has failed. */
  lastActionId: number | null;
  /** The fixed `now` of the next action, its own delay aside: 3-engine.md section 2. */
  nowBasisMs: number;
  /** What it was before the newest entry that ended an action. */
  lastNowBasisMs: number;
  startedAtMs: number | null;
  completedAtMs: number | null;
  executedActions: number;
  failedActions: number;
}

export const initialState: InstanceState = {
  status: 'pending',
  seq: 0,
  start: null,
  actionById: new Map(),
  variables: {},
  received: [],
  cancelRequested: null,
  retries: 0,
  runRetries: 0,
  retriedRowVersion: -1,
  lastActionId: null,
  nowBasisMs: 0,
  lastNowBasisMs: 0,
  startedAtMs: null,
  completedAtMs: null,
  executedActions: 0,
  failedActions: 0,
};

export const untouched: ActionState = {
  name: '',
  type: '',
  status: 'pending',
  attempts: 0,
  startedAttempt: null,
  deadlineMs: null,
  delayUntilMs: null,
  retryAtMs: null,
  beganAtMs: null,
  waitUntilMs: null,
  arm: null,
  retry: 0,
  round: 0,
  output: null,
};

/** The state of an action that may not have an entry yet. */
export function actionState(state: InstanceState, actionId: number): ActionState {
  return state.actionById.get(actionId) ?? untouched;
}

export function isFinished({ status }: ActionState): boolean {
  return status !== 'pending' && status !== 'running' && status !== 'cancelled';
}

/** Completed, failed or cancelled: nothing follows but a retry by hand. */
export function hasEnded({ status }: InstanceState): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
