import { aborted, counter } from '@millrace/runtime';
import { timeoutMsOf } from '@millrace/workflow';
import { applyInput } from './apply-input.ts';
import { attempt as call, decideTurn, type Prepared, prepare } from './attempt.ts';
import type { Clock } from './clock.ts';
import { dailyLimitOf } from './daily-allowance.ts';
import type { Engine } from './engine.ts';
import type { Input } from './input.ts';
import { decideEnd } from './instance/decide-end.ts';
import { type Attempt, decideStarted, type Outcome } from './instance/decide-outcome.ts';
import { decideStep, type Step } from './instance/decide-step.ts';
import type { Draft, Parking } from './instance/draft.ts';
import { hasEnded } from './instance/state.ts';
import { type Caller, type Turn, turnBackoffMs } from './turns.ts';
import type { CompiledVersion } from './version-cache.ts';

/**
 * What becomes of the input that an activity ran for. `done`: the instance is terminal or parked, its entries acknowledged.
 * `again`: somebody else wrote the instance; load it and decide again. `left`: nothing was begun; the input stays undone.
 */
export type ActivityResult = 'done' | 'again' | 'left';

/** Null where the activity is to go on. */
type Ending = ActivityResult | null;

const segmentMs = 2_000;
const shortWaitMs = 1_000;
const mostTurnWaitMs = 10_000;
const mostEarlyMs = 5_000;
const graceMs = 5_000;
const leastForeignWaitMs = 5_000;
const longestForeignWaitMs = 600_000;

const attempts = counter('millrace_executor_attempts_total', 'Attempts of actions, by type and outcome');
const lostCompares = counter('millrace_executor_lost_compares_total', 'Commits that another writer came before');

const foreignActions = counter(
  'millrace_executor_unknown_actions_total',
  'Times that an instance came to an action that this process does not know',
);

/** Inputs whose news of a newer row an activity has heard: it reloads for each once, should the row turn out to be older. */
const heard = new WeakSet<Input>();

/** What an attempt came to whose start was made durable too late to call. */
const notCalled: Outcome = {
  kind: 'failed',
  code: 'not_called',
  message: 'Expected to make the call, but the executor gave its partition up before',
  durationMs: 0,
  retryable: true,
  retryAfterMs: null,
  input: null,
};

/** Runs one instance until it is terminal, parked or has had its turn: 3-engine.md section 4.4. */
export class Activity {
  readonly #engine: Engine;
  readonly #draft: Draft;
  readonly #version: CompiledVersion | null;
  readonly #input: Input;
  readonly #published: Promise<void>[] = [];
  readonly #attached: Input[] = [];
  /** Not applied yet. */
  readonly #news: Input[];
  /** Its turn of two seconds began then: what it only waited for takes nothing from it. */
  #turnBeganAt: number;
  /** Ends the sleep that it is in. */
  #interrupt: AbortController | null = null;
  /** Room for the next call, which it had to wait for. */
  #turn: Turn | null = null;
  /** What the row waited for, of a resume whose `wake_at` has passed: the row decides, also where somebody moved it before the journal's time. */
  #overdue: string | null;
  /** What left the process, has ended and isn't durable yet: a lost compare must not drop it. */
  readonly #unsaved: { attempt: Attempt; outcome: Outcome }[] = [];

  constructor(engine: Engine, draft: Draft, version: CompiledVersion | null, input: Input) {
    this.#engine = engine;
    this.#draft = draft;
    this.#version = version;
    this.#input = input;
    this.#news = [input];
    this.#turnBeganAt = engine.clock.elapsed();
    const { wakeAtMs, waitingFor } = draft.row;
    this.#overdue = input.kind === 'resume' && wakeAtMs !== null && wakeAtMs <= engine.clock.now() ? waitingFor : null;
  }

  /** An input that came meanwhile: a cancel or an event counts before the next action; all are decided again after it. */
  attach(input: Input): void {
    this.#attached.push(input);
    this.#news.push(input);
    this.#interrupt?.abort();
  }

  /** A resume has no trace of its own: the start's goes on. */
  get #traceparent(): string | undefined {
    return this.#input.traceparent ?? this.#draft.state.traceparent;
  }

  get #clock(): Clock {
    return this.#engine.clock;
  }

  /** Its instance is in the table. */
  get isDurable(): boolean {
    return this.#draft.isDurable;
  }

  get attached(): readonly Input[] {
    return this.#attached;
  }

  async run(): Promise<ActivityResult> {
    let ending: Ending = null;
    try {
      this.#publish();
      while (ending === null) ending = await this.#advance();
      if (ending === 'done') {
        await Promise.all(this.#published);
        if (hasEnded(this.#draft.state)) await this.#engine.store.forget(this.#draft, this.#version);
      }
      return ending;
    } finally {
      this.#turn?.release();
      // What was left is begun again at its place.
      if (ending !== 'left') this.#passPlaces();
    }
  }

  async #advance(): Promise<Ending> {
    const draft = this.#draft;
    if (this.#isOvertaken()) return 'again';
    // What it can't decide any more comes again, to whoever holds the partition.
    if (this.#input.record.assignment.isCurrent()) {
      for (const input of this.#news.splice(0)) applyInput(draft, input, this.#clock.now(), this.#engine.logger);
    } else if (this.#news.includes(this.#input)) return 'left';
    if (hasEnded(draft.state)) return this.#finish(null);
    if (this.#version === null) return this.#end('workflow_deleted');
    const overdue = this.#overdue;
    this.#overdue = null;
    const step = decideStep(draft.state, this.#version.version, this.#clock.now());
    switch (step.kind) {
      case 'ended':
        return this.#finish(null);
      case 'record':
        draft.add(step.entries);
        return null;
      case 'wait': {
        const parking = { wakeAtMs: step.untilMs, waitingFor: step.waitingFor };
        return overdue === step.waitingFor && overdue !== 'action' ? this.#goOn(this.#version, step.untilMs) : this.#wait(parking);
      }
      case 'run':
        return this.#runAction(this.#version, step, overdue);
    }
  }

  /** A delay or a wait before a retry has ended by the row's `wake_at`: what follows is decided as at its end. */
  async #goOn(version: CompiledVersion, atMs: number): Promise<Ending> {
    const step = decideStep(this.#draft.state, version.version, atMs);
    if (step.kind === 'record') this.#draft.add(step.entries.map((entry) => ({ ...entry, at: this.#clock.now() })));
    return step.kind === 'run' ? this.#runAction(version, step, null) : null;
  }

  /** Parks the instance until then; what is due at once is waited for here. */
  async #wait(parking: Parking): Promise<Ending> {
    const remainingMs = parking.wakeAtMs - this.#clock.now();
    const isShort = parking.waitingFor === 'retry' && remainingMs < shortWaitMs;
    // By this process's clock a resume may come early.
    const isEarly =
      this.#input.kind === 'resume' && !this.#draft.hasChanges && remainingMs < mostEarlyMs && parking.waitingFor !== 'action';
    if (!(isShort || isEarly) || !this.#mayStart()) return this.#finish(parking);
    if (this.#draft.hasChanges) return this.#commit(null);
    await this.#clock.sleep(Math.max(0, remainingMs), this.#interruptible());
    this.#interrupt = null;
    this.#turnBeganAt = this.#clock.elapsed();
    return null;
  }

  async #runAction(version: CompiledVersion, { attempt, nowMs }: Extract<Step, { kind: 'run' }>, overdue: string | null): Promise<Ending> {
    const draft = this.#draft;
    if (!this.#mayStart()) return draft.isDurable || this.#unsaved.length > 0 ? this.#finish(this.#atOnce()) : 'left';
    if (this.#clock.elapsed() - this.#turnBeganAt > segmentMs) return this.#finish(this.#atOnce());
    const refusal = this.#refusal(version);
    if (refusal !== null) return this.#end(refusal);
    if (this.#engine.backlog.isFull) {
      await Promise.race([this.#engine.backlog.room(), aborted(this.#engine.stopping)]);
      this.#turnBeganAt = this.#clock.elapsed();
      return null;
    }
    const action = version.actionById.get(attempt.action.id);
    if (action === undefined) return this.#leaveToOthers(version, attempt);
    const { effect } = action.definition;
    if (draft.hasChanges && (effect === 'world' || action.readsResults || draft.isBeyondRepeat)) return this.#commit(null);

    const prepared = prepare(draft, version, action, nowMs);
    if (prepared.kind !== 'call') {
      this.#record(version, attempt, prepared);
      return null;
    }
    if (effect === 'engine') return this.#takeTurn(version, prepared, attempt, overdue === 'event');
    if (effect === 'world') return this.#callWorld(version, prepared, attempt);
    this.#recordCall(version, attempt, await call(draft, prepared, this.#engine.connected.effects, this.#traceparent, this.#clock));
    return null;
  }

  /** Another process, or this one's next version, knows the action: the instance waits as long again as it has waited for it. */
  #leaveToOthers(version: CompiledVersion, { action }: Attempt): Promise<Ending> {
    const { id: instance } = this.#draft.row;
    const reason = version.foreign.get(action.id);
    this.#engine.logger.warn({ instance, action: action.id, type: action.action_type, reason, alarm: true }, 'an action is unknown here');
    foreignActions.add();
    const waitedMs = this.#clock.now() - (this.#draft.journal.at(-1)?.at ?? this.#draft.row.createdAtMs);
    const waitMs = Math.min(Math.max(waitedMs, leastForeignWaitMs), longestForeignWaitMs);
    return this.#finish({ wakeAtMs: this.#clock.now() + waitMs, waitingFor: 'turn' });
  }

  async #takeTurn(version: CompiledVersion, prepared: Prepared, attempt: Attempt, isOver: boolean): Promise<Ending> {
    let outcome = decideTurn(this.#draft, version, prepared, this.#clock.now());
    if (isOver && outcome.kind === 'waiting') outcome = decideTurn(this.#draft, version, prepared, outcome.untilMs);
    this.#record(version, attempt, outcome);
    if (outcome.kind !== 'waiting' || outcome.eventName === null) return null;
    return this.#wait({ wakeAtMs: outcome.untilMs, waitingFor: 'event' });
  }

  async #callWorld(version: CompiledVersion, prepared: Prepared, attempt: Attempt): Promise<Ending> {
    const { turns, connected, tenants, store, allowances } = this.#engine;
    const draft = this.#draft;
    const node = attempt.action;
    const { tenantId } = draft.row;
    const settings = await store.waitOut(() => tenants.get(tenantId));
    if (!this.#mayStart()) return null;
    const caller = { tenantId, mostOfTenant: settings.concurrentActions, host: connected.hostOf(node.action_type, prepared.input) };
    const turn = this.#turn ?? turns.take(caller);
    if (turn === null) return this.#waitForTurn(caller, prepared.nowMs);
    this.#turn = turn;
    const limit = dailyLimitOf(node.action_type, tenantId, settings);
    const allowance = limit === null ? null : await store.waitOut(() => allowances.take(limit));
    if (allowance?.kind === 'spent') {
      turn.release();
      this.#turn = null;
      return this.#finish({ wakeAtMs: allowance.untilMs, waitingFor: 'turn' });
    }
    const unsent = () => allowance?.giveBack();
    if (!this.#mayStart()) {
      unsent();
      return null;
    }
    const deadlineMs = this.#clock.now() + timeoutMsOf(node) + graceMs;
    if (node.at_most_once) {
      draft.add(decideStarted(draft.state, attempt, deadlineMs, this.#clock.now()));
      const ending = await this.#commit(null);
      if (ending !== null || !this.#mayStart()) unsent();
      if (ending !== null) return ending;
      if (!this.#mayStart()) {
        this.#record(version, attempt, notCalled);
        return null;
      }
    }
    this.#turn = null;
    const calling = call(draft, prepared, connected.effects, this.#traceparent, this.#clock).then((outcome) => {
      turn.release();
      if (outcome.kind === 'failed') unsent();
      return outcome;
    });
    const outcome = await within(this.#clock, calling, segmentMs);
    if (outcome === null) return this.#detach(version, calling, attempt, deadlineMs);
    this.#recordCall(version, attempt, outcome);
    return null;
  }

  /** Until there is room, for some seconds at most; news ends it. Whether it may call is asked again: much may have changed while it waited. */
  async #waitForTurn(caller: Caller, sinceMs: number): Promise<Ending> {
    if (this.#news.length > 0) return null;
    const interrupt = this.#interruptible();
    this.#turn = await this.#engine.turns.wait(caller, mostTurnWaitMs, interrupt);
    this.#interrupt = null;
    this.#turnBeganAt = this.#clock.elapsed();
    if (this.#turn !== null || interrupt.aborted) return null;
    const atMs = this.#clock.now();
    return this.#finish({ wakeAtMs: atMs + turnBackoffMs(atMs - sinceMs, this.#clock.random()), waitingFor: 'turn' });
  }

  /** Aborted by news, and when the process is to stop. */
  #interruptible(): AbortSignal {
    this.#interrupt = new AbortController();
    return AbortSignal.any([this.#interrupt.signal, this.#engine.stopping]);
  }

  /** The call goes on without its input: the row is parked until the call's deadline, its outcome wakes it. */
  async #detach(version: CompiledVersion, calling: Promise<Outcome>, attempt: Attempt, deadlineMs: number): Promise<Ending> {
    const draft = this.#draft;
    const { store, detached, logger } = this.#engine;
    draft.add(decideStarted(draft.state, attempt, deadlineMs, this.#clock.now()));
    const recorded = calling
      .then((outcome) => {
        attempts.add(1, { type: attempt.action.action_type, outcome: outcome.kind });
        return store.recordOutcome(draft.row.id, version, attempt, outcome);
      })
      .catch((error) => logger.error({ err: error, instance: draft.row.id }, 'the outcome of a call could not be recorded'))
      .finally(() => detached.delete(recorded));
    detached.add(recorded);
    const ending = await this.#finish({ wakeAtMs: deadlineMs, waitingFor: 'action' });
    // Whoever decides next must see what came of the call, not make it again.
    if (ending === 'again') await recorded;
    return ending;
  }

  #recordCall(version: CompiledVersion, attempt: Attempt, outcome: Outcome): void {
    this.#unsaved.push({ attempt, outcome });
    this.#record(version, attempt, outcome);
  }

  #record(version: CompiledVersion, attempt: Attempt, outcome: Outcome): void {
    attempts.add(1, { type: attempt.action.action_type, outcome: outcome.kind });
    if (outcome.kind === 'failed' && outcome.code === 'internal') {
      const { id: instance } = this.#draft.row;
      this.#engine.logger.error({ instance, action: attempt.action.id, message: outcome.message }, 'an action failed for a fault of ours');
    }
    this.#draft.record(version.version.actions, attempt, outcome, this.#clock.now(), this.#clock.random());
  }

  /** An input says that its sender has seen a newer row: somebody else wrote the instance. */
  #isOvertaken(): boolean {
    const { hasChanges, row } = this.#draft;
    const news = this.#attached.find((input) => (input.rowVersion ?? 0) > row.rowVersion && !heard.has(input));
    if (hasChanges || news === undefined) return false;
    heard.add(news);
    return true;
  }

  /** Ends the instance for a reason of the workflow's. */
  #end(reason: string): Ending {
    this.#draft.add(decideEnd(this.#draft.state, 'cancelled', reason, this.#clock.now()));
    return null;
  }

  /** The last commit of this activity: terminal, or parked. Nothing is written where the row says so already. */
  async #finish(parking: Parking | null): Promise<Ending> {
    if (this.#draft.isAlready(parking)) return 'done';
    return (await this.#commit(parking)) ?? 'done';
  }

  async #commit(parking: Parking | null): Promise<Ending> {
    if (!this.#draft.isDurable && (await this.#input.place?.before) === false) return 'left';
    const committing = this.#engine.store.commit(this.#draft, this.#version, parking);
    this.#passPlaces();
    const result = await committing;
    if (result === 'won') {
      this.#unsaved.length = 0;
      this.#publish();
      return null;
    }
    if (result === 'gone') return 'done';
    lostCompares.add();
    for (const { attempt, outcome } of this.#unsaved) {
      await this.#engine.store.recordOutcome(this.#draft.row.id, this.#version as CompiledVersion, attempt, outcome);
    }
    return 'again';
  }

  /** Its instance is with the committer, however many inputs it came in. */
  #passPlaces(): void {
    this.#input.place?.pass();
    for (const { place } of this.#attached) place?.pass();
  }

  #publish(): void {
    this.#published.push(this.#engine.store.publish(this.#draft, this.#traceparent));
  }

  #atOnce(): Parking {
    return { wakeAtMs: this.#clock.now(), waitingFor: 'turn' };
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
async function within<T>(clock: Clock, promise: Promise<T>, ms: number): Promise<T | null> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, clock.sleep(ms, timer.signal).then(() => null)]);
  } finally {
    // A reason that is given spares the error that would be made.
    timer.abort('settled');
  }
}
