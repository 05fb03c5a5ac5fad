import type { EventView } from '@millrace/messages';
import type { ActionNode, WorkflowVersion } from '@millrace/workflow';
import { append } from '../src/instance/append.ts';
import { decideStart, type Start } from '../src/instance/decide-input.ts';
import type { Attempt, Outcome } from '../src/instance/decide-outcome.ts';
import type { Step } from '../src/instance/decide-step.ts';
import type { NewEntry } from '../src/instance/entries.ts';
import { actionState, type InstanceState, initialState } from '../src/instance/state.ts';

/** When everything happens. */
export const now = Date.UTC(2026, 10, 24, 10);
/** The time of the start's record: what the first action sees as now. */
export const recordedAt = now - 5;

export const anEvent = (overrides: Partial<EventView> = {}): EventView => ({
  event_id: 'e-1',
  event_type: 'lead_created',
  entity_type: 'lead',
  entity_id: 'lead-1',
  occurred_at: new Date(now).toISOString(),
  source: 'test',
  bulk_id: null,
  causation: null,
  data: { lead_score: 80 },
  previous: null,
  ...overrides,
});

export const aStart = (overrides: Partial<Start> = {}): Start => ({
  event: anEvent(),
  triggeredBy: 'event',
  triggeredByValue: 'e-1',
  triggerId: 1,
  nowMs: recordedAt,
  origin: { topic: 'crm.events', partition: 3, offset: 100 },
  task: null,
  blocked: null,
  ...overrides,
});

/** An action of the workflow's own list that sends mail, unless said. */
export const anAction = (overrides: Partial<ActionNode> = {}): ActionNode => ({
  id: 1,
  parent_id: null,
  arm: null,
  name: `action_${overrides.id ?? 1}`,
  action_type: 'send_email',
  action_config: {},
  order: overrides.id ?? 1,
  delay_seconds: 0,
  conditions: null,
  retry_policy: null,
  timeout_seconds: null,
  on_error: 'fail',
  at_most_once: false,
  ...overrides,
});

/** An action in an arm of another. */
export const inArm = (parentId: number, arm: string, overrides: Partial<ActionNode> & Pick<ActionNode, 'id'>): ActionNode =>
  anAction({ parent_id: parentId, arm, ...overrides });

export const aVersion = (actions: readonly ActionNode[], overrides: Partial<WorkflowVersion> = {}): WorkflowVersion => ({
  id: 7,
  tenant_id: 'acme',
  version: 1,
  name: 'Welcome',
  enabled: true,
  on_disable: 'finish',
  re_entry: 'always',
  cooldown_seconds: null,
  triggers: [],
  actions: [...actions],
  waits_for: [],
  ...overrides,
});

export const completed: Extract<Outcome, { kind: 'completed' }> = {
  kind: 'completed',
  input: { to: 'ada@example.com' },
  output: { message_id: 'm-1' },
  durationMs: 12,
};
export const failedForNow: Extract<Outcome, { kind: 'failed' }> = {
  kind: 'failed',
  code: 'timeout',
  message: 'Expected an answer, but there was none',
  durationMs: 9,
  retryable: true,
  retryAfterMs: null,
  input: null,
};
export const refused: typeof failedForNow = { ...failedForNow, code: 'email_refused', retryable: false };

/** The state after these entries. */
export const applied = (state: InstanceState, ...entries: (NewEntry | readonly NewEntry[])[]): InstanceState =>
  append(state, entries.flat()).state;

export const started = (overrides: Partial<Start> = {}): InstanceState =>
  applied(initialState, decideStart(initialState, aStart(overrides), now));

/** The next attempt of an action, as the state has it. */
export const attemptOf = (state: InstanceState, action: ActionNode): Attempt => {
  const { round, attempts } = actionState(state, action.id);
  return { action, round, number: attempts + 1 };
};

/** What a step records; nothing where it is another. */
export const entriesOf = (step: Step): NewEntry[] => (step.kind === 'record' ? step.entries : []);

export const typesOf = (entries: readonly NewEntry[]): string[] => entries.map(({ type }) => type);
