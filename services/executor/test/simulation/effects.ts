import { RetryableError, TerminalError } from '@millrace/runtime';
import type { Call, Effect } from '../../src/effects/effect.ts';
import { NoAnswerError } from '../../src/effects/no-answer.ts';
import type { Json } from '../../src/instance/entries.ts';
import type { SimulatedProcess } from './process.ts';
import type { World } from './world.ts';

/** A call that an action made. */
export interface MadeCall {
  key: string;
  instanceId: string;
  actionId: number;
  input: string;
  process: SimulatedProcess;
  atMs: number;
  /** Whether its caller has heard what came of it, for certain: a later call knows what this one did. */
  isCertain: boolean;
  /** Its process died, stood still or gave the partition up before its outcome was durable. */
  wasInterrupted: boolean;
  isWorld: boolean;
}

/** What actions call: it remembers every call, and answers as it likes. */
export class SimulatedEffects {
  readonly calls: MadeCall[] = [];
  readonly #world: World;
  readonly #begun: ((call: MadeCall) => void)[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  onBegun(listen: (call: MadeCall) => void): void {
    this.#begun.push(listen);
  }

  /** An effect that goes through to another, and is remembered. */
  through(process: SimulatedProcess, effect: Effect<never>): Effect {
    return (call) => {
      const made = this.#remember(process, call, false);
      made.isCertain = true;
      return effect(call as Call<never>);
    };
  }

  /** A call to the world: it may succeed, be refused, fail for good, take long, or act and never answer. */
  worldOf(process: SimulatedProcess): Effect {
    return (call) => {
      const made = this.#remember(process, call, true);
      return this.#answer(process, made, call.signal);
    };
  }

  #remember(process: SimulatedProcess, { actionKey: key, input }: Call, isWorld: boolean): MadeCall {
    const [instanceId = '', action = ''] = key.split('/');
    const made: MadeCall = {
      key,
      instanceId,
      actionId: Number.parseInt(action, 10),
      input: JSON.stringify(input),
      process,
      atMs: this.#world.nowMs,
      isCertain: false,
      wasInterrupted: false,
      isWorld,
    };
    this.calls.push(made);
    this.#world.note(() => `${process.name} calls ${key.slice(0, 6)}${key.slice(32)} ${made.input}`);
    for (const listen of this.#begun) listen(made);
    return made;
  }

  #answer(process: SimulatedProcess, made: MadeCall, signal: AbortSignal): Promise<Json> {
    const { time, random } = this.#world;
    const number = this.calls.length;
    return new Promise((resolve, reject) => {
      const answer = (ms: number, say: () => void, isCertain = true) =>
        time.after(ms, () =>
          process.enter(() => {
            if (signal.aborted) return;
            made.isCertain = isCertain;
            say();
          }),
        );
      signal.addEventListener('abort', () => reject(new NoAnswerError('http_unavailable', 'Expected an answer, but there was none')), {
        once: true,
      });
      const fate = random.next();
      if (fate < 0.6) answer(random.between(1, 300), () => resolve({ n: number }));
      else if (fate < 0.7) answer(random.between(1_900, 7_000), () => resolve({ n: number }));
      else if (fate < 0.83)
        answer(random.between(1, 3_000), () => reject(new RetryableError('http_503', 'Expected a success, but got 503')));
      else if (fate < 0.87) answer(random.between(1, 100), () => reject(new TerminalError('http_400', 'Expected a success, but got 400')));
      else if (fate < 0.94)
        answer(
          random.between(1, 100),
          () => reject(new NoAnswerError('http_unavailable', 'Expected an answer, but it was cut off')),
          false,
        );
    });
  }
}
