import { counter } from '@millrace/runtime';
import type { Engine } from './engine.ts';
import type { Input } from './input.ts';
import { decideEnd } from './instance/decide-end.ts';
import type { Attempt, Outcome } from './instance/decide-outcome.ts';
import type { Draft, Parking } from './instance/draft.ts';
import type { CompiledVersion } from './version-cache.ts';

/**
 * What becomes of the input that an activity ran for. `done`: the instance is terminal or parked, its entries acknowledged.
 * `again`: somebody else wrote the instance; load it and decide again. `left`: nothing was begun; the input stays undone.
 */
export type ActivityResult = 'done' | 'again' | 'left';

/** Null where the activity is to go on. */
export type Ending = ActivityResult | null;

const attempts = counter('millrace_executor_attempts_total', 'Attempts of actions, by type and outcome');
const lostCompares = counter('millrace_executor_lost_compares_total', 'Commits that another writer came before');

interface Parts {
  engine: Engine;
  draft: Draft;
  version: CompiledVersion | null;
  input: Input;
  /** Grows while the activity runs. */
  attached: readonly Input[];
}

/** Makes what comes of an activity's actions durable, and then known. */
export class Recording {
  readonly #parts: Parts;
  readonly #published: Promise<void>[] = [];
  /** What left the process, has ended and isn't durable yet: a lost compare must not drop it. */
  readonly #unsaved: { version: CompiledVersion; attempt: Attempt; outcome: Outcome }[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A resume has no trace of its own: the start's goes on. */
  get traceparent(): string | undefined {
    return this.#parts.input.traceparent ?? this.#parts.draft.state.traceparent;
  }

  get hasUnsaved(): boolean {
    return this.#unsaved.length > 0;
  }

  record({ version }: CompiledVersion, attempt: Attempt, outcome: Outcome): void {
    const { engine, draft } = this.#parts;
    attempts.add(1, { type: attempt.action.action_type, outcome: outcome.kind });
    if (outcome.kind === 'failed' && outcome.code === 'internal') {
      engine.logger.error(
        { instance: draft.row.id, action: attempt.action.id, message: outcome.message },
        'an action failed for a fault of ours',
      );
    }
    draft.record(version.actions, attempt, outcome, engine.clock.now(), engine.clock.random());
  }

  recordCall(version: CompiledVersion, attempt: Attempt, outcome: Outcome): void {
    this.#unsaved.push({ version, attempt, outcome });
    this.record(version, attempt, outcome);
  }

  /** Of a call that goes on without its input: recorded in the stored instance when it has ended. Never rejected. */
  recordLater(version: CompiledVersion, attempt: Attempt, calling: Promise<Outcome>): Promise<void> {
    const { store, detached, logger } = this.#parts.engine;
    const { id } = this.#parts.draft.row;
    const recorded = calling
      .then((outcome) => {
        attempts.add(1, { type: attempt.action.action_type, outcome: outcome.kind });
        return store.recordOutcome(id, version, attempt, outcome);
      })
      .catch((error) => logger.error({ err: error, instance: id }, 'the outcome of a call could not be recorded'))
      .finally(() => detached.delete(recorded));
    detached.add(recorded);
    return recorded;
  }

  /** Ends the instance for a reason of the workflow's. */
  end(reason: string): void {
    const { draft, engine } = this.#parts;
    draft.add(decideEnd(draft.state, 'cancelled', reason, engine.clock.now()));
  }

  /** The last commit of the activity: terminal, or parked. Nothing is written where the row says so already. */
  async finish(parking: Parking | null): Promise<ActivityResult> {
    if (this.#parts.draft.isAlready(parking)) return 'done';
    return (await this.commit(parking)) ?? 'done';
  }

  finishAtOnce(): Promise<ActivityResult> {
    return this.finish({ wakeAtMs: this.#parts.engine.clock.now(), waitingFor: 'turn' });
  }

  async commit(parking: Parking | null): Promise<Ending> {
    const { engine, draft, version, input } = this.#parts;
    if (!draft.isDurable && (await input.place?.before) === false) return 'left';
    const committing = engine.store.commit(draft, version, parking);
    this.passPlaces();
    const result = await committing;
    if (result === 'won') {
      this.#unsaved.length = 0;
      this.publish();
      return null;
    }
    if (result === 'gone') return 'done';
    lostCompares.add();
    for (const call of this.#unsaved) await engine.store.recordOutcome(draft.row.id, call.version, call.attempt, call.outcome);
    return 'again';
  }

  publish(): void {
    const { engine, draft } = this.#parts;
    this.#published.push(engine.store.publish(draft, this.traceparent));
  }

  /** Resolved when all that was published is acknowledged. */
  async acknowledged(): Promise<void> {
    await Promise.all(this.#published);
  }

  /** Its instance is with the committer, however many inputs it came in. */
  passPlaces(): void {
    this.#parts.input.place?.pass();
    for (const { place } of this.#parts.attached) place?.pass();
  }
}
