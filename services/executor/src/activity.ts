import { setTimeout as sleep } from 'node:timers/promises';
import { counter } from '@millrace/runtime';
import { type ActionNode, timeoutMsOf } from '@millrace/workflow';
import { attempt, decideTurn, type Prepared, prepare } from './attempt.ts';
import type { Effects } from './effects/index.ts';
import type { Place } from './entity-order.ts';
import type { Input } from './input.ts';
import { decideCancel, decideEvent } from './instance/decide-input.ts';
import { cancelled, decideOutcome, decideStarted, hasEnded, type Outcome } from './instance/decide-outcome.ts';
import { decideStep, type Step } from './instance/decide-step.ts';
import type { Draft, Parking } from './instance/draft.ts';
import type { InstanceStore } from './instance-store.ts';
import type { Limiter } from './limiter.ts';
import type { CompiledVersion } from './version-cache.ts';
import type { WorkflowStates } from './workflow-states.ts';

/** What all activities of a process share. */
export interface Engine {
  store: InstanceStore;
  effects: Effects;
  states: WorkflowStates;
  tenantLimiter: Limiter;
  hostLimiter: Limiter;
  /** Aborted when the process is to stop: no new action starts. */
  stopping: AbortSignal;
  /** Recordings of calls that outlasted their input; a stop waits for them. */
  detached: Set<Promise<void>>;
}

/**
 * What becomes of the input that an activity ran for. `done`: the instance is terminal or parked, its entries acknowledged.
 * `again`: somebody else wrote the instance; load it and decide again. `left`: nothing was begun; the input stays undone.
 */
export type ActivityResult = 'done' | 'again' | 'left';

/** Null where the activity is to go on. */
type Ending = ActivityResult | null;

const segmentMs = 2_000;
const shortWaitMs = 1_000;
const graceMs = 5_000;

const attempts = counter('millrace_executor_attempts_total', 'Attempts of actions, by type and outcome');
const lostCompares = counter('millrace_executor_lost_compares_total', 'Commits that another writer came before');
const droppedEvents = counter('millrace_executor_events_dropped_total', 'Delivered events that an inbox did not take, by reason');

/** Runs one instance until it is terminal, parked or has had its turn: 3-engine.md section 4.4. */
export class Activity {
  readonly #engine: Engine;
  readonly #draft: Draft;
  readonly #version: CompiledVersion | null;
  readonly #input: Input;
  readonly #place: Place | null;
  readonly #published: Promise<void>[] = [];
  readonly #attached: Input[] = [];
  readonly #startedAt = performance.now();
  /** A call to the world that has ended and isn't durable yet: a lost compare must not drop it. */
  #unsaved: { action: ActionNode; attempt: number; outcome: Outcome } | null = null;

  constructor(engine: Engine, draft: Draft, version: CompiledVersion | null, input: Input, place: Place | null) {
    this.#engine = engine;
    this.#draft = draft;
    this.#version = version;
    this.#input = input;
    this.#place = place;
  }

  /** An input that came meanwhile: a cancel or an event counts before the next action; all are decided again after it. */
  attach(input: Input): void {
    this.#attached.push(input);
  }

  get attached(): readonly Input[] {
    return this.#attached;
  }

  async run(): Promise<ActivityResult> {
    try {
      this.#publish();
      let ending: Ending = null;
      while (ending === null) ending = await this.#advance();
      if (ending === 'done') await Promise.all(this.#published);
      return ending;
    } finally {
      this.#place?.pass();
    }
  }

  async #advance(): Promise<Ending> {
    const draft = this.#draft;
    this.#apply(this.#input);
    for (const input of this.#attached) this.#apply(input);
    if (hasEnded(draft.state)) return this.#finish(null);
    if (this.#version === null) {
      draft.add([cancelled('workflow_deleted', Date.now())]);
      return null;
    }
    const step = decideStep(draft.state, this.#version.version, Date.now());
    switch (step.kind) {
      case 'ended':
        return this.#finish(null);
      case 'record':
        draft.add(step.entries);
        return null;
      case 'wait':
        return this.#wait(step);
      case 'run':
        return this.#runAction(this.#version, step);
    }
  }

  async #wait({ untilMs, waitingFor }: Extract<Step, { kind: 'wait' }>): Promise<Ending> {
    const remainingMs = untilMs - Date.now();
    if (waitingFor !== 'retry' || remainingMs >= shortWaitMs || !this.#mayStart()) return this.#finish({ wakeAtMs: untilMs, waitingFor });
    const ending = await this.#commit(null);
    if (ending !== null) return ending;
    await sleep(Math.max(0, remainingMs), undefined, { signal: this.#engine.stopping }).catch(() => undefined);
    return null;
  }

  async #runAction(version: CompiledVersion, { action: node, attempt: number, nowMs }: Extract<Step, { kind: 'run' }>): Promise<Ending> {
    const draft = this.#draft;
    if (!this.#mayStart() && !draft.isDurable) return 'left';
    if (!this.#mayStart() || performance.now() - this.#startedAt > segmentMs)
      return this.#finish({ wakeAtMs: Date.now(), waitingFor: 'turn' });
    const refusal = this.#refusal(version);
    if (refusal !== null) {
      draft.add([cancelled(refusal, Date.now())]);
      return null;
    }
    const action = version.actionById.get(node.id);
    if (action === undefined) throw new Error(`Expected version ${version.version.version} to have action ${node.id}, but it hasn't`);
    const isWorld = action.definition.effect === 'world';
    if (draft.hasChanges && (isWorld || action.readsResults || draft.fixesNow)) return this.#commit(null);

    const prepared = prepare(draft, version, action, nowMs);
    if (prepared.kind !== 'call') {
      this.#record(node, number, prepared);
      return null;
    }
    if (action.definition.effect === 'engine') return this.#takeTurn(version, prepared, number);
    if (isWorld) return this.#callWorld(version, prepared, number);
    this.#record(node, number, await attempt(draft, prepared, this.#engine.effects, this.#input.traceparent));
    return null;
  }

  async #takeTurn(version: CompiledVersion, prepared: Prepared, number: number): Promise<Ending> {
    const { node } = prepared.action;
    const outcome = decideTurn(this.#draft, version, prepared, Date.now());
    this.#record(node, number, outcome);
    if (outcome.kind !== 'waiting' || outcome.eventName === null) return null;
    return this.#finish({ wakeAtMs: outcome.untilMs, waitingFor: 'event' });
  }

  async #callWorld(version: CompiledVersion, prepared: Prepared, number: number): Promise<Ending> {
    const { effects } = this.#engine;
    const { node } = prepared.action;
    const draft = this.#draft;
    const turn = await this.#acquireTurn(prepared);
    if (turn === null) {
      return this.#finish({ wakeAtMs: Date.now() + 1_000 + Math.floor(Math.random() * 4_000), waitingFor: 'turn' });
    }
    const deadlineMs = Date.now() + timeoutMsOf(node) + graceMs;
    if (node.at_most_once) {
      draft.add(decideStarted(draft.state, node, number, deadlineMs, Date.now()));
      const ending = await this.#commit(null);
      if (ending !== null) {
        turn.release();
        return ending;
      }
    }
    const call = attempt(draft, prepared, effects, this.#input.traceparent).finally(() => turn.release());
    const outcome = await within(call, segmentMs);
    if (outcome === null) return this.#detach(version, call, node, number, deadlineMs);
    this.#unsaved = { action: node, attempt: number, outcome };
    this.#record(node, number, outcome);
    return null;
  }

  /** Room among the tenant's and the host's calls; null where there was none in time. */
  async #acquireTurn({ input }: Prepared): Promise<{ release(): void } | null> {
    const { tenantLimiter, hostLimiter } = this.#engine;
    const { tenantId } = this.#draft.row;
    const host = typeof input.url === 'string' ? URL.parse(input.url)?.host : undefined;
    if (!(await tenantLimiter.acquire(tenantId, segmentMs))) return null;
    if (host !== undefined && !(await hostLimiter.acquire(host, segmentMs))) {
      tenantLimiter.release(tenantId);
      return null;
    }
    return {
      release: () => {
        tenantLimiter.release(tenantId);
        if (host !== undefined) hostLimiter.release(host);
      },
    };
  }

  /** The call goes on without its input: the row is parked until the call's deadline, its outcome wakes it. */
  async #detach(version: CompiledVersion, call: Promise<Outcome>, node: ActionNode, number: number, deadlineMs: number): Promise<Ending> {
    const draft = this.#draft;
    const { store, detached } = this.#engine;
    draft.add(decideStarted(draft.state, node, number, deadlineMs, Date.now()));
    const ending = await this.#finish({ wakeAtMs: deadlineMs, waitingFor: 'action' });
    const recorded = call.then((outcome) => store.recordOutcome(draft.row.id, version, node, number, outcome));
    detached.add(recorded);
    void recorded.finally(() => detached.delete(recorded));
    return ending;
  }

  #record(node: ActionNode, number: number, outcome: Outcome): void {
    attempts.add(1, { type: node.action_type, outcome: outcome.kind });
    this.#draft.add(decideOutcome(this.#draft.state, node, number, outcome, Date.now(), Math.random()));
  }

  #apply({ command: { command }, event }: Input): void {
    const { state } = this.#draft;
    if ('millrace.CancelInstance' in command) {
      const { requested_by: requestedBy, reason, row_version: rowVersion } = command['millrace.CancelInstance'];
      this.#draft.add(decideCancel(state, { requestedBy, reason, rowVersion }, Date.now()));
    } else if ('millrace.DeliverEvent' in command && event !== null) {
      const { origin_topic: topic, origin_partition: partition, origin_offset: offset } = command['millrace.DeliverEvent'];
      const delivery = decideEvent(state, event, { topic, partition, offset }, Date.now());
      if (delivery.kind === 'received') this.#draft.add(delivery.entries);
      else if (delivery.reason === 'full') droppedEvents.add(1, { reason: delivery.reason });
    }
  }

  /** The last commit of this activity: terminal, or parked. */
  async #finish(parking: Parking | null): Promise<Ending> {
    const isSettled = this.#draft.isDurable && !this.#draft.hasChanges && hasEnded(this.#draft.state);
    if (!isSettled) {
      const ending = await this.#commit(parking);
      if (ending !== null) return ending;
    }
    return 'done';
  }

  async #commit(parking: Parking | null): Promise<Ending> {
    if (this.#place !== null && !this.#draft.isDurable) await this.#place.before;
    const committing = this.#engine.store.commit(this.#draft, this.#version, parking);
    this.#place?.pass();
    const result = await committing;
    if (result === 'won') {
      this.#unsaved = null;
      this.#publish();
      return null;
    }
    if (result === 'gone') return 'done';
    lostCompares.add();
    if (this.#unsaved !== null && this.#version !== null) {
      const { action, attempt: number, outcome } = this.#unsaved;
      await this.#engine.store.recordOutcome(this.#draft.row.id, this.#version, action, number, outcome);
    }
    return 'again';
  }

  #publish(): void {
    this.#published.push(this.#engine.store.publish(this.#draft, this.#input.traceparent));
  }

  /** An action starts only in the assignment that its input came in, and not while the process stops. */
  #mayStart(): boolean {
    return !this.#engine.stopping.aborted && this.#input.record.assignment.isCurrent();
  }

  #refusal(version: CompiledVersion): string | null {
    const state = this.#engine.states.get(version.version.id, version.version.version);
    if (state === 'deleted') return 'workflow_deleted';
    return state === 'cancel' ? 'workflow_disabled' : null;
  }
}

/** The promise's value, or null where it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, null, { signal: timer.signal }).catch(() => null)]);
  } finally {
    timer.abort();
  }
}
