import { timeoutMsOf } from '@millrace/workflow';
import { attempt as call, type Prepared } from './attempt.ts';
import type { Clock } from './clock.ts';
import { dailyLimitOf } from './daily-allowance.ts';
import type { Engine } from './engine.ts';
import { type Attempt, decideStarted, type Outcome } from './instance/decide-outcome.ts';
import type { Draft } from './instance/draft.ts';
import type { Ending, Recording } from './recording.ts';
import { type Segment, segmentMs } from './segment.ts';
import { type Caller, type Turn, turnBackoffMs } from './turns.ts';
import type { CompiledVersion } from './version-cache.ts';

const mostTurnWaitMs = 10_000;
const graceMs = 5_000;

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

interface Parts {
  engine: Engine;
  draft: Draft;
  segment: Segment;
  recording: Recording;
  /** Whether something came that counts before the next action. */
  hasNews: () => boolean;
}

/** The calls of an activity to the world: room for each, the call, and what becomes of one that takes long. */
export class WorldCalls {
  readonly #parts: Parts;
  /** Room for the next call, which it had to wait for. */
  #turn: Turn | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Makes the call, or waits for room; null: the activity is to go on, and to decide anew what it does. */
  async make(version: CompiledVersion, prepared: Prepared, attempt: Attempt): Promise<Ending> {
    const { engine, draft, segment, recording } = this.#parts;
    const { turns, connected, tenants, store, allowances, clock } = engine;
    const node = attempt.action;
    const { tenantId } = draft.row;
    const settings = await store.waitOut(() => tenants.get(tenantId));
    if (!segment.mayStart) return null;
    const caller = { tenantId, mostOfTenant: settings.concurrentActions, host: connected.hostOf(node.action_type, prepared.input) };
    const turn = this.#turn ?? turns.take(caller);
    if (turn === null) return this.#waitForTurn(caller, prepared.nowMs);
    this.#turn = turn;
    const limit = dailyLimitOf(node.action_type, tenantId, settings);
    const allowance = limit === null ? null : await store.waitOut(() => allowances.take(limit));
    if (allowance?.kind === 'spent') {
      this.release();
      return recording.finish({ wakeAtMs: allowance.untilMs, waitingFor: 'turn' });
    }
    const unsent = () => allowance?.giveBack();
    if (!segment.mayStart) {
      unsent();
      return null;
    }
    const deadlineMs = clock.now() + timeoutMsOf(node) + graceMs;
    if (node.at_most_once) {
      draft.add(decideStarted(draft.state, attempt, deadlineMs, clock.now()));
      const ending = await recording.commit(null);
      if (ending !== null || !segment.mayStart) unsent();
      if (ending !== null) return ending;
      if (!segment.mayStart) {
        recording.record(version, attempt, notCalled);
        return null;
      }
    }
    this.#turn = null;
    const calling = call(draft, prepared, connected.effects, recording.traceparent, clock).then((outcome) => {
      turn.release();
      if (outcome.kind === 'failed') unsent();
      return outcome;
    });
    const outcome = await within(clock, calling, segmentMs);
    if (outcome === null) return this.#detach(version, calling, attempt, deadlineMs);
    recording.recordCall(version, attempt, outcome);
    return null;
  }

  /** Gives the room back that the next call would have had. */
  release(): void {
    this.#turn?.release();
    this.#turn = null;
  }

  /** Until there is room, for some seconds at most; news ends it. Whether it may call is asked again: much may have changed while it waited. */
  async #waitForTurn(caller: Caller, sinceMs: number): Promise<Ending> {
    const { engine, segment, recording, hasNews } = this.#parts;
    if (hasNews()) return null;
    const isInterrupted = await segment.wait(async (signal) => {
      this.#turn = await engine.turns.wait(caller, mostTurnWaitMs, signal);
      return signal.aborted;
    });
    if (this.#turn !== null || isInterrupted) return null;
    const atMs = engine.clock.now();
    return recording.finish({ wakeAtMs: atMs + turnBackoffMs(atMs - sinceMs, engine.clock.random()), waitingFor: 'turn' });
  }

  /** The call goes on without its input: the row is parked until the call's deadline, its outcome wakes it. */
  async #detach(version: CompiledVersion, calling: Promise<Outcome>, attempt: Attempt, deadlineMs: number): Promise<Ending> {
    const { engine, draft, recording } = this.#parts;
    draft.add(decideStarted(draft.state, attempt, deadlineMs, engine.clock.now()));
    const recorded = recording.recordLater(version, attempt, calling);
    const ending = await recording.finish({ wakeAtMs: deadlineMs, waitingFor: 'action' });
    // Whoever decides next must see what came of the call, not make it again.
    if (ending === 'again') await recorded;
    return ending;
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
