import type { ActionNode } from '@millrace/workflow';
import { append } from '../src/instance/append.ts';
import { decideCancel, decideEvent, decideRetry, decideStart } from '../src/instance/decide-input.ts';
import { type Attempt, decideOutcome, decideStarted, type Outcome } from '../src/instance/decide-outcome.ts';
import { decideStep } from '../src/instance/decide-step.ts';
import type { Entry, NewEntry, TaskRun } from '../src/instance/entries.ts';
import { actionState, hasEnded, type InstanceState, initialState } from '../src/instance/state.ts';
import { anEvent, aStart, aVersion, completed, failedForNow, now, refused } from './instance-builders.ts';

/** What may happen to an instance. */
export type Happening =
  | { kind: 'start' }
  /** The engine does what is next. */
  | { kind: 'work' }
  /** A call begins that its caller never ends. */
  | { kind: 'lose' }
  /** The outcome of an attempt made before comes again. */
  | { kind: 'late'; index: number }
  | { kind: 'event'; actionId: number }
  | { kind: 'cancel'; rowVersion: number }
  | { kind: 'retry'; rowVersion: number }
  | { kind: 'time'; ms: number };

/** What the world answers to an attempt: always the same to the same one. */
export type World = (action: ActionNode, round: number, attempt: number) => number;

/** An instance in memory, played by its pure parts alone. */
export class Play {
  state: InstanceState = initialState;
  readonly journal: Entry[] = [];
  readonly #nodes: readonly ActionNode[];
  readonly #world: World;
  readonly #task: TaskRun | null;
  readonly #made: { attempt: Attempt; outcome: Outcome }[] = [];
  #atMs = now;

  /** `maxRetries` null: no scheduled task has started it. */
  constructor(nodes: readonly ActionNode[], world: World, maxRetries: number | null = null) {
    this.#nodes = nodes;
    this.#world = world;
    this.#task =
      maxRetries === null ? null : { id: 9, type: 'workflow', config: {}, revision: 1, max_retries: maxRetries, retry_delay_seconds: 60 };
    this.happen({ kind: 'start' });
  }

  happen(happening: Happening): void {
    switch (happening.kind) {
      case 'start':
        this.#add(decideStart(this.state, aStart({ task: this.#task }), this.#atMs));
        break;
      case 'work':
        this.#work(false);
        break;
      case 'lose':
        this.#work(true);
        break;
      case 'late': {
        const made = this.#made[happening.index % Math.max(1, this.#made.length)];
        if (made !== undefined) this.#add(decideOutcome(this.state, this.#nodes, made.attempt, made.outcome, this.#atMs, 0.5));
        break;
      }
      case 'event': {
        const event = anEvent({ event_id: `awaited-${happening.actionId}`, event_type: `event_${happening.actionId}` });
        const delivery = decideEvent(this.state, event, { topic: 'crm.events', partition: 3, offset: 200 }, this.#atMs);
        if (delivery.kind === 'received') this.#add(delivery.entries);
        break;
      }
      case 'cancel':
        this.#add(decideCancel(this.state, { requestedBy: 'user-1', reason: null, rowVersion: happening.rowVersion }, this.#atMs));
        break;
      case 'retry':
        this.#add(decideRetry(this.state, { requestedBy: 'user-1', rowVersion: happening.rowVersion, workflowVersion: 1 }, this.#atMs));
        break;
      case 'time':
        this.#atMs += happening.ms;
    }
  }

  /** Works until the instance has ended, letting time pass where it waits. */
  finish(): void {
    for (let step = 0; !hasEnded(this.state); step += 1) {
      if (step > 5_000) throw new Error('Expected the instance to end, but it goes on and on');
      const before = this.journal.length;
      this.#work(false);
      if (this.journal.length === before) this.#atMs += 30_000;
    }
  }

  #work(isLost: boolean): void {
    const step = decideStep(this.state, aVersion(this.#nodes), this.#atMs);
    if (step.kind === 'record') this.#add(step.entries);
    if (step.kind !== 'run') return;
    const { attempt } = step;
    const isCall = attempt.action.action_type === 'send_email';
    if (isLost && isCall) {
      this.#add(decideStarted(this.state, attempt, this.#atMs + 15_000, this.#atMs));
      return;
    }
    const outcome = this.#outcomeOf(attempt, step.nowMs);
    this.#made.push({ attempt, outcome });
    this.#add(decideOutcome(this.state, this.#nodes, attempt, outcome, this.#atMs, 0.5));
  }

  #outcomeOf({ action, round, number }: Attempt, nowMs: number): Outcome {
    const chance = this.#world(action, round, number);
    const pick = <T>(...choices: T[]): T => choices[Math.floor(chance * choices.length)] as T;
    switch (action.action_type) {
      case 'branch':
        return { kind: 'arm', arm: pick('yes', 'no', 'else') };
      case 'split':
        return { kind: 'arm', arm: pick('a', 'b') };
      case 'delay':
        return pick<Outcome>({ kind: 'waiting', untilMs: nowMs + 45_000, eventName: null }, { kind: 'skipped', reason: 'past' });
      case 'set_variable':
        return { kind: 'completed', input: null, output: { name: `v${action.id}`, value: chance }, durationMs: 0 };
      case 'exit':
        return { kind: 'exit', status: pick('completed', 'failed', 'cancelled'), reason: null, input: null };
      case 'wait_for_event':
        return this.#outcomeOfWait(action, nowMs);
      default:
        return pick<Outcome>(completed, completed, failedForNow, refused, { kind: 'skipped', reason: 'no_address' });
    }
  }

  #outcomeOfWait(action: ActionNode, nowMs: number): Outcome {
    const found = this.state.received.find(({ event, isUsed }) => !isUsed && event.event_type === action.action_config.event_name);
    if (found !== undefined)
      return { kind: 'completed', input: null, output: { event: { event_id: found.event.event_id } }, durationMs: 0 };
    const { waitUntilMs } = actionState(this.state, action.id);
    if (waitUntilMs === null) return { kind: 'waiting', untilMs: nowMs + 120_000, eventName: String(action.action_config.event_name) };
    return this.#atMs < waitUntilMs ? { kind: 'waiting', untilMs: waitUntilMs, eventName: null } : { kind: 'arm', arm: 'timeout' };
  }

  #add(entries: readonly NewEntry[]): void {
    const next = append(this.state, entries);
    this.state = next.state;
    this.journal.push(...next.entries);
  }
}
