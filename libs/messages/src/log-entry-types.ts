import type { LogEntry } from './generated.ts';

/** What a reader of `workflow.execution-log` may rely on about entries of a type. */
export interface LogEntryType {
  /** What has happened. */
  meaning: string;
  /** Whose `status` an entry carries; `none`: it carries no status. */
  statusOf: 'instance' | 'action' | 'none';
  /** The keys that the JSON object in `detail` may have, and what they mean; empty: `detail` is null. */
  detail: Readonly<Record<string, string>>;
  /** One such entry; fields that it leaves out are null. */
  example: Partial<LogEntry> & Pick<LogEntry, 'seq' | 'type' | 'at'>;
}

const at = Date.UTC(2026, 10, 24, 9, 30);
const tag = { action_id: 12, action_name: 'tag', action_type: 'add_tag' };
const mail = { action_id: 13, action_name: 'welcome', action_type: 'send_email' };
const wait = { action_id: 14, action_name: 'reply', action_type: 'wait_for_event' };
const split = { action_id: 15, action_name: 'half', action_type: 'split' };
const pause = { action_id: 16, action_name: 'pause', action_type: 'delay' };

const anEvent = {
  event_id: 'e-1',
  event_type: 'lead_created',
  entity_type: 'lead',
  entity_id: 'lead-789',
  occurred_at: '2026-11-24T09:29:59.900Z',
  source: 'crm',
  bulk_id: null,
  causation: null,
  data: { lead_id: 'lead-789', lead_score: 85 },
  previous: null,
};

/**
 * Every type of entry that Millrace writes to `workflow.execution-log`, in the order in which an instance may meet them. Types may be
 * added; one that is here keeps its meaning.
 */
export const logEntryTypes = {
  instance_started: {
    meaning: 'The instance exists and runs. Always its first entry.',
    statusOf: 'instance',
    detail: {
      event: 'The event that started it; of a start by hand one made of the request.',
      triggered_by: '`event`, `start_workflow`, `scheduled_task`, or what the request named, such as `lead_id`.',
      triggered_by_value: "The event's id, or the value that the request named.",
      trigger_id: 'The trigger that matched; null where none was asked.',
      now: "The time that the first action's conditions and templates see, ms since the epoch.",
      task: 'Only of a run of a scheduled task: its id, type, config, revision and retries.',
      origin: 'Where the event lies: topic, partition and offset; left out where it came by none.',
    },
    example: {
      seq: 1,
      type: 'instance_started',
      at,
      status: 'running',
      detail: JSON.stringify({
        event: anEvent,
        triggered_by: 'event',
        triggered_by_value: 'e-1',
        trigger_id: 3,
        now: at,
        origin: { topic: 'crm.events', partition: 4, offset: 1_207 },
      }),
    },
  },
  delay_started: {
    meaning: "The action's `delay_seconds` have begun; it is not tried before they are over.",
    statusOf: 'action',
    detail: { until: 'When they are over, ISO 8601.' },
    example: {
      seq: 2,
      type: 'delay_started',
      at: at + 4,
      ...tag,
      status: 'pending',
      detail: '{"until":"2026-11-24T09:35:00.000Z"}',
    },
  },
  wait_started: {
    meaning: 'A `delay` or a `wait_for_event` waits.',
    statusOf: 'action',
    detail: { until: 'Until when at most, ISO 8601.', event_name: 'The event that is waited for; not of a delay.' },
    example: {
      seq: 4,
      type: 'wait_started',
      at: at + 20,
      ...wait,
      status: 'running',
      detail: '{"until":"2026-11-26T09:30:00.020Z","event_name":"email_replied"}',
    },
  },
  event_received: {
    meaning: 'An event that some action of the workflow waits for has come. It is kept until one uses it.',
    statusOf: 'none',
    detail: { event: 'The event.' },
    example: {
      seq: 5,
      type: 'event_received',
      at: at + 60_000,
      detail: JSON.stringify({ event: { ...anEvent, event_id: 'e-2', event_type: 'email_replied', data: { text: 'Yes' } } }),
    },
  },
  arm_taken: {
    meaning: 'A `branch`, a `split` or the timeout of a wait has chosen the list of actions that it runs.',
    statusOf: 'action',
    detail: { arm: "The branch's or the arm's name; `else` where no branch matched, `timeout` where no event came." },
    example: { seq: 6, type: 'arm_taken', at: at + 60_010, ...split, status: 'running', detail: '{"arm":"b"}' },
  },
  action_started: {
    meaning:
      'An attempt has begun. Only of actions with `at_most_once`, before the call, and of calls that take longer than two seconds; others are told of when they have ended.',
    statusOf: 'action',
    detail: { deadline: 'By when the attempt has ended, ISO 8601.' },
    example: {
      seq: 7,
      type: 'action_started',
      at: at + 60_020,
      ...mail,
      attempt: 1,
      status: 'running',
      detail: '{"deadline":"2026-11-24T09:31:10.020Z"}',
    },
  },
  attempt_failed: {
    meaning: 'An attempt has failed, and another one follows.',
    statusOf: 'action',
    detail: { retry_at: 'When the next attempt is due, ISO 8601.' },
    example: {
      seq: 8,
      type: 'attempt_failed',
      at: at + 60_700,
      ...mail,
      attempt: 1,
      status: 'running',
      error_code: 'email_unavailable',
      error_message: 'Expected the mail server to accept the message, but it answered 451',
      duration_ms: 640,
      detail: '{"retry_at":"2026-11-24T09:31:01.312Z"}',
    },
  },
  action_completed: {
    meaning: 'The action has done what it says. `attempt` is the one that did.',
    statusOf: 'action',
    detail: { input: 'Its config with all templates rendered.', output: 'What it gave.' },
    example: {
      seq: 9,
      type: 'action_completed',
      at: at + 61_400,
      ...tag,
      attempt: 1,
      status: 'completed',
      duration_ms: 3,
      detail: '{"input":{"lead_id":"lead-789","tag":"hot"},"output":{"command_id":"5f0c7d3e9a1b4c2d8e6f7a8b9c0d1e2f/12"}}',
    },
  },
  action_failed: {
    meaning: 'The action has failed for good: by an error that no repeat can mend, or at its last attempt.',
    statusOf: 'action',
    detail: { input: 'Its config with all templates rendered; left out where it could not be rendered.' },
    example: {
      seq: 9,
      type: 'action_failed',
      at: at + 61_400,
      ...mail,
      attempt: 2,
      status: 'failed',
      error_code: 'email_refused',
      error_message: 'Expected the mail server to accept the message, but it answered 550',
      duration_ms: 210,
      detail: '{"input":{"to":"***","subject":"Welcome","text":"***"}}',
    },
  },
  action_skipped: {
    meaning: 'The action is not done: `reason` is `condition_false`, `no_address`, `past` or `branch_not_taken`.',
    statusOf: 'action',
    detail: {},
    example: { seq: 9, type: 'action_skipped', at: at + 61_400, ...mail, status: 'skipped', reason: 'no_address' },
  },
  action_unknown: {
    meaning:
      'Nobody knows whether the attempt did anything, and it is not repeated (`at_most_once`). It counts as failed. `reason` is `no_answer`, `timeout` or `caller_lost`.',
    statusOf: 'action',
    detail: {},
    example: { seq: 9, type: 'action_unknown', at: at + 61_400, ...mail, attempt: 1, status: 'unknown', reason: 'no_answer' },
  },
  action_cancelled: {
    meaning: 'The instance has ended although this action had begun. `reason` says how: `instance_completed`, `_failed` or `_cancelled`.',
    statusOf: 'action',
    detail: {},
    example: { seq: 10, type: 'action_cancelled', at: at + 61_401, ...pause, status: 'cancelled', reason: 'instance_cancelled' },
  },
  cancel_requested: {
    meaning: 'Somebody has cancelled the instance. What is being done ends first.',
    statusOf: 'none',
    detail: { requested_by: 'Who.' },
    example: { seq: 10, type: 'cancel_requested', at: at + 61_400, reason: 'requested', detail: '{"requested_by":"user-456"}' },
  },
  retry_requested: {
    meaning: 'Somebody has taken a failed instance up again: it goes on from the action that failed.',
    statusOf: 'instance',
    detail: {
      requested_by: 'Who.',
      row_version: 'Of the instance as they saw it.',
      workflow_version: "The workflow's version that it goes on with.",
    },
    example: {
      seq: 11,
      type: 'retry_requested',
      at: at + 3_600_000,
      status: 'running',
      detail: '{"requested_by":"user-456","row_version":6,"workflow_version":2}',
    },
  },
  run_retried: {
    meaning: "A scheduled task's run has failed and goes on by itself, from the action that failed. `attempt` counts from 1.",
    statusOf: 'instance',
    detail: { retry_at: 'When it goes on, ISO 8601.' },
    example: {
      seq: 4,
      type: 'run_retried',
      at: at + 900,
      status: 'running',
      reason: 'email_refused',
      attempt: 1,
      detail: '{"retry_at":"2026-11-24T09:31:00.900Z"}',
    },
  },
  instance_completed: {
    meaning: 'The instance has ended well; `reason` where an `exit` named one. `duration_ms` is since its first start.',
    statusOf: 'instance',
    detail: {},
    example: { seq: 10, type: 'instance_completed', at: at + 61_401, status: 'completed', duration_ms: 61_401 },
  },
  instance_failed: {
    meaning:
      'The instance has failed; `reason` is the code of what failed it, `duration_ms` is since its first start. Only `retry_requested` may follow.',
    statusOf: 'instance',
    detail: {},
    example: { seq: 10, type: 'instance_failed', at: at + 61_401, status: 'failed', reason: 'email_refused', duration_ms: 61_401 },
  },
  instance_cancelled: {
    meaning:
      'The instance was cancelled. `reason` says why: `requested` or the words of who did, `loop_blocked`, why its workflow stopped, why an occurrence was skipped. `duration_ms` is since its first start, null where it never began.',
    statusOf: 'instance',
    detail: {},
    example: { seq: 11, type: 'instance_cancelled', at: at + 61_500, status: 'cancelled', reason: 'requested', duration_ms: 61_500 },
  },
} as const satisfies Record<string, LogEntryType>;

/** An entry as it is on the topic: what an example leaves out is null. */
export function completeLogEntry(entry: LogEntryType['example']): LogEntry {
  return {
    action_id: null,
    action_name: null,
    action_type: null,
    attempt: null,
    status: null,
    reason: null,
    error_code: null,
    error_message: null,
    duration_ms: null,
    detail: null,
    ...entry,
  };
}
