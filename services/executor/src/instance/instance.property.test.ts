import { type ActionNode, findActionType } from '@millrace/workflow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Happening, Play, type World } from '../../test/instance-play.ts';
import { treeArbitrary } from '../../test/tree-arbitrary.ts';
import type { Entry } from './entries.ts';
import { evolve } from './evolve.ts';
import { hasEnded, type InstanceState, initialState } from './state.ts';

/** A number in [0, 1) for each attempt, the same for the same seed. */
const worldOf =
  (seed: number): World =>
  ({ id }, round, attempt) => {
    const mixed = Math.imul(seed ^ Math.imul(id * 31 + round * 7 + attempt, 0x9e3779b1), 0x85ebca6b) >>> 0;
    return mixed / 2 ** 32;
  };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ kind: 'work' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'lose' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(500, 20_000, 70_000) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('event' as const), actionId: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), rowVersion: fc.integer({ min: 0, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('retry' as const), rowVersion: fc.integer({ min: 0, max: 9 }) }) },
);
const repeat: fc.Arbitrary<Happening> = fc.oneof(
  fc.constant({ kind: 'start' as const }),
  fc.record({ kind: fc.constant('late' as const), index: fc.nat(50) }),
);
const happenings = fc.array(fc.oneof({ weight: 3, arbitrary: happening }, { weight: 1, arbitrary: repeat }), { maxLength: 80 });
const seeds = fc.integer();

const play = (nodes: readonly ActionNode[], seed: number, all: readonly Happening[]) => {
  const instance = new Play(nodes, worldOf(seed), [null, 0, 2][Math.abs(seed) % 3]);
  for (const each of all) instance.happen(each);
  return instance;
};

const isEnd = ({ type }: Entry) => type === 'instance_completed' || type === 'instance_failed' || type === 'instance_cancelled';
const finishes = new Set(['action_completed', 'action_failed', 'action_skipped', 'action_unknown']);

/** The counters, counted anew from what became of each action. */
function recount({ actionById }: InstanceState): { executedActions: number; failedActions: number } {
  const leaves = [...actionById.values()].filter(({ type }) => findActionType(type)?.gateway !== true);
  const failed = leaves.filter(({ status }) => status === 'failed' || status === 'unknown').length;
  return { executedActions: failed + leaves.filter(({ status }) => status === 'completed').length, failedActions: failed };
}

test('whatever happens, the journal is contiguous, gives the state again and agrees with the counters', () => {
  fc.assert(
    fc.property(treeArbitrary, seeds, happenings, (nodes, seed, all) => {
      const { state, journal } = play(nodes, seed, all);
      expect(journal.map(({ seq }) => seq)).toEqual(journal.map((_, index) => index + 1));
      expect(journal.reduce(evolve, initialState)).toEqual(state);
      expect(JSON.parse(JSON.stringify(journal)).reduce(evolve, initialState)).toEqual(state);
      expect(state).toMatchObject(recount(state));
    }),
    { numRuns: 400 },
  );
});

test('an instance ends once for its start and once for each retry by hand, and nothing happens to it after an end but a retry', () => {
  fc.assert(
    fc.property(treeArbitrary, seeds, happenings, (nodes, seed, all) => {
      const { journal } = play(nodes, seed, all);
      for (const [index, entry] of journal.entries()) {
        const next = journal[index + 1];
        if (isEnd(entry) && next !== undefined) expect([entry.type, next.type]).toEqual(['instance_failed', 'retry_requested']);
      }
    }),
    { numRuns: 400 },
  );
});

test('no action finishes twice, unless a retry has begun it anew in between', () => {
  fc.assert(
    fc.property(treeArbitrary, seeds, happenings, (nodes, seed, all) => {
      const open = new Set(nodes.map(({ id }) => id));
      let lastFinished: number | null = null;
      for (const entry of play(nodes, seed, all).journal) {
        if (entry.type === 'retry_requested' || entry.type === 'run_retried') open.add(lastFinished as number);
        if (!finishes.has(entry.type) || !('action_id' in entry)) continue;
        expect(open.delete(entry.action_id)).toBe(true);
        lastFinished = entry.action_id;
      }
    }),
    { numRuns: 400 },
  );
});

test('a run of a task is tried again at most as often as it says, after each retry by hand anew', () => {
  fc.assert(
    fc.property(treeArbitrary, seeds, happenings, (nodes, seed, all) => {
      const instance = play(nodes, seed, all);
      instance.finish();
      const most = instance.state.start?.task?.max_retries ?? 0;
      let tries = 0;
      for (const entry of instance.journal) {
        if (entry.type === 'retry_requested') tries = 0;
        if (entry.type !== 'run_retried') continue;
        tries += 1;
        expect([entry.attempt, entry.attempt <= most]).toEqual([tries, true]);
      }
    }),
    { numRuns: 400 },
  );
});

test('repeats of anything, anywhere, change nothing', () => {
  const withRepeats = fc.array(fc.tuple(happening, fc.array(fc.oneof(repeat, fc.constant('before' as const)), { maxLength: 3 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(treeArbitrary, seeds, withRepeats, (nodes, seed, all) => {
      const once = play(
        nodes,
        seed,
        all.map(([each]) => each),
      );
      const repeated = all.flatMap(([each, repeats]) => [
        each,
        ...repeats.flatMap((again): Happening[] => {
          if (again !== 'before') return [again];
          return each.kind === 'event' || each.kind === 'cancel' || each.kind === 'retry' ? [each] : [];
        }),
      ]);
      const often = play(nodes, seed, repeated);
      once.finish();
      often.finish();
      expect(often.journal).toEqual(once.journal);
    }),
    { numRuns: 400 },
  );
});

test('events that come in any order, early or while they are waited for, lead to the same end', () => {
  fc.assert(
    fc.property(treeArbitrary, seeds, fc.array(fc.nat(40), { minLength: 12, maxLength: 12 }), (nodes, seed, places) => {
      const early = new Play(nodes, worldOf(seed));
      for (let actionId = 1; actionId <= places.length; actionId++) early.happen({ kind: 'event', actionId });
      early.finish();

      const spread = new Play(nodes, worldOf(seed));
      for (let step = 0; step <= 40; step++) {
        for (const [index, place] of places.entries()) if (place === step) spread.happen({ kind: 'event', actionId: index + 1 });
        spread.happen({ kind: 'work' });
      }
      spread.finish();
      const outcomeOf = ({ status, actionById, variables }: InstanceState) => ({
        status,
        variables,
        actions: [...actionById].map(([id, action]) => [id, action.status, action.arm]).sort(([a], [b]) => Number(a) - Number(b)),
      });
      expect(outcomeOf(spread.state)).toEqual(outcomeOf(early.state));
    }),
    { numRuns: 300 },
  );
});

test('every instance ends, and then every action of the tree has been reached or belongs to what was not', () => {
  fc.assert(
    fc.property(treeArbitrary, seeds, (nodes, seed) => {
      const instance = new Play(nodes, worldOf(seed), [null, 0, 2][Math.abs(seed) % 3]);
      instance.finish();
      const { state } = instance;
      expect(hasEnded(state)).toBe(true);
      if (state.status !== 'completed' || [...state.actionById.values()].some(({ type }) => type === 'exit')) return;
      expect(new Set(state.actionById.keys())).toEqual(new Set(nodes.map(({ id }) => id)));
    }),
    { numRuns: 300 },
  );
});
