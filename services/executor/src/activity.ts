import { aborted, counter } from '@millrace/runtime';
import { applyInput } from './apply-input.ts';
import { attempt as call, decideTurn, type Prepared, prepare } from './attempt.ts';
import type { Engine } from './engine.ts';
import type { Input } from './input.ts';
import type { Attempt } from './instance/decide-outcome.ts';
import { decideStep, type Step } from './instance/decide-step.ts';
import type { Draft, Parking } from './instance/draft.ts';
import { hasEnded } from './instance/state.ts';
import { type ActivityResult, type Ending, Recording } from './recording.ts';
import { Segment } from './segment.ts';
import type { CompiledVersion } from './version-cache.ts';
import { WorldCalls } from './world-calls.ts';

const shortWaitMs = 1_000;
const mostEarlyMs = 5_000;
const leastForeignWaitMs = 5_000;
const longestForeignWaitMs = 600_000;

const foreignActions = counter(
  'millrace_executor_unknown_actions_total',
  'Times that an instance came to an action that this process does not know',
);

/** Inputs whose news of a newer row an activity has heard: it reloads for each once, should the row turn out to be older. */
const heard = new WeakSet<Input>();

/** Runs one instance until it is terminal, parked or has had its turn: 3-engine.md section 4.4. */
export class Activity {
  readonly #engine: Engine;
  readonly #draft: Draft;
  readonly #version: CompiledVersion | null;
  readonly #input: Input;
  readonly #attached: Input[] = [];
  /** Not applied yet. */
  readonly #news: Input[];
  readonly #segment: Segment;
  readonly #recording: Recording;
  /** Most instances call nothing. */
  #calls: WorldCalls | null = null;
  /** What the row waited for, of a resume whose `wake_at` has passed: the row decides, also where somebody moved it before the journal's time. */
  #overdue: string | null;

  constructor(engine: Engine, draft: Draft, version: CompiledVersion | null, input: Input) {
    this.#engine = engine;
    this.#draft = draft;
    this.#version = version;
    this.#input = input;
    this.#news = [input];
    this.#segment = new Segment(engine, input);
    this.#recording = new Recording({ engine, draft, version, input, attached: this.#attached });
    const { wakeAtMs, waitingFor } = draft.row;
    this.#overdue = input.kind === 'resume' && wakeAtMs !== null && wakeAtMs <= engine.clock.now() ? waitingFor : null;
  }

  /** An input that came meanwhile: a cancel or an event counts before the next action; all are decided again after it. */
  attach(input: Input): void {
    this.#attached.push(input);
    this.#news.push(input);
    this.#segment.interrupt();
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
      this.#recording.publish();
      while (ending === null) ending = await this.#advance();
      if (ending === 'done') {
        await this.#recording.acknowledged();
        if (hasEnded(this.#draft.state)) await this.#engine.store.forget(this.#draft, this.#version);
      }
      return ending;
    } finally {
      this.#calls?.release();
      // What was left is begun again at its place.
      if (ending !== 'left') this.#recording.passPlaces();
    }
  }

  async #advance(): Promise<Ending> {
    const draft = this.#draft;
    const { clock, logger } = this.#engine;
    if (this.#isOvertaken()) return 'again';
    // What it can't decide any more comes again, to whoever holds the partition.
    if (this.#input.record.assignment.isCurrent()) {
      for (const input of this.#news.splice(0)) applyInput(draft, input, clock.now(), logger);
    } else if (this.#news.includes(this.#input)) return 'left';
    if (hasEnded(draft.state)) return this.#recording.finish(null);
    if (this.#version === null) return this.#end('workflow_deleted');
    const overdue = this.#overdue;
    this.#overdue = null;
    const step = decideStep(draft.state, this.#version.version, clock.now());
    switch (step.kind) {
      case 'ended':
        return this.#recording.finish(null);
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
    if (step.kind === 'record') this.#draft.add(step.entries.map((entry) => ({ ...entry, at: this.#engine.clock.now() })));
    return step.kind === 'run' ? this.#runAction(version, step, null) : null;
  }

  /** Parks the instance until then; what is due at once is waited for here. */
  async #wait(parking: Parking): Promise<Ending> {
    const { clock } = this.#engine;
    const remainingMs = parking.wakeAtMs - clock.now();
    const isShort = parking.waitingFor === 'retry' && remainingMs < shortWaitMs;
    // By this process's clock a resume may come early.
    const isEarly =
      this.#input.kind === 'resume' && !this.#draft.hasChanges && remainingMs < mostEarlyMs && parking.waitingFor !== 'action';
    if (!(isShort || isEarly) || !this.#segment.mayStart) return this.#recording.finish(parking);
    if (this.#draft.hasChanges) return this.#recording.commit(null);
    await this.#segment.wait((signal) => clock.sleep(Math.max(0, remainingMs), signal));
    return null;
  }

  async #runAction(version: CompiledVersion, { attempt, nowMs }: Extract<Step, { kind: 'run' }>, overdue: string | null): Promise<Ending> {
    const { clock, connected, backlog, stopping } = this.#engine;
    const draft = this.#draft;
    const recording = this.#recording;
    if (!this.#segment.mayStart) return draft.isDurable || recording.hasUnsaved ? recording.finishAtOnce() : 'left';
    if (this.#segment.isOver) return recording.finishAtOnce();
    const refusal = this.#refusal(version);
    if (refusal !== null) return this.#end(refusal);
    if (backlog.isFull) {
      await this.#segment.wait(() => Promise.race([backlog.room(), aborted(stopping)]));
      return null;
    }
    const action = version.actionById.get(attempt.action.id);
    if (action === undefined) return this.#leaveToOthers(version, attempt);
    const { effect } = action.definition;
    if (draft.hasChanges && (effect === 'world' || action.readsResults || draft.isBeyondRepeat)) return recording.commit(null);

    const prepared = prepare(draft, version, action, nowMs);
    if (prepared.kind !== 'call') {
      recording.record(version, attempt, prepared);
      return null;
    }
    if (effect === 'engine') return this.#takeTurn(version, prepared, attempt, overdue === 'event');
    if (effect === 'world') return this.#callsToWorld().make(version, prepared, attempt);
    recording.recordCall(version, attempt, await call(draft, prepared, connected.effects, recording.traceparent, clock));
    return null;
  }

  #callsToWorld(): WorldCalls {
    const hasNews = () => this.#news.length > 0;
    this.#calls ??= new WorldCalls({
      engine: this.#engine,
      draft: this.#draft,
      segment: this.#segment,
      recording: this.#recording,
      hasNews,
    });
    return this.#calls;
  }

  /** Another process, or this one's next version, knows the action: the instance waits as long again as it has waited for it. */
  #leaveToOthers(version: CompiledVersion, { action }: Attempt): Promise<Ending> {
    const { clock, logger } = this.#engine;
    const { id: instance } = this.#draft.row;
    const reason = version.foreign.get(action.id);
    logger.warn({ instance, action: action.id, type: action.action_type, reason, alarm: true }, 'an action is unknown here');
    foreignActions.add();
    const waitedMs = clock.now() - (this.#draft.journal.at(-1)?.at ?? this.#draft.row.createdAtMs);
    const waitMs = Math.min(Math.max(waitedMs, leastForeignWaitMs), longestForeignWaitMs);
    return this.#recording.finish({ wakeAtMs: clock.now() + waitMs, waitingFor: 'turn' });
  }

  async #takeTurn(version: CompiledVersion, prepared: Prepared, attempt: Attempt, isOver: boolean): Promise<Ending> {
    let outcome = decideTurn(this.#draft, version, prepared, this.#engine.clock.now());
    if (isOver && outcome.kind === 'waiting') outcome = decideTurn(this.#draft, version, prepared, outcome.untilMs);
    this.#recording.record(version, attempt, outcome);
    if (outcome.kind !== 'waiting' || outcome.eventName === null) return null;
    return this.#wait({ wakeAtMs: outcome.untilMs, waitingFor: 'event' });
  }

  /** An input says that its sender has seen a newer row: somebody else wrote the instance. */
  #isOvertaken(): boolean {
    const { hasChanges, row } = this.#draft;
    const news = this.#attached.find((input) => (input.rowVersion ?? 0) > row.rowVersion && !heard.has(input));
    if (hasChanges || news === undefined) return false;
    heard.add(news);
    return true;
  }

  #end(reason: string): Ending {
    this.#recording.end(reason);
    return null;
  }

  #refusal(version: CompiledVersion): string | null {
    const state = this.#engine.states.get(version.version.id, version.version.version);
    if (state === 'deleted') return 'workflow_deleted';
    return state === 'cancel' ? 'workflow_disabled' : null;
  }
}
