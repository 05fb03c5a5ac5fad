import { expect, test } from 'vitest';
import { turnOf } from '../../test/engine-turn.ts';

const armOf = (weights: Record<string, number>, entityId: string, { id = 1, workflowId = 7 } = {}): string => {
  const arms = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  const outcome = turnOf({ id, action_type: 'split', action_config: { arms } }, { entityId, workflowId });
  return outcome.kind === 'arm' ? outcome.arm : outcome.kind;
};
const leads = Array.from({ length: 4_000 }, (_, index) => `lead-${index}`);
const shareOf = (arm: string, weights: Record<string, number>) =>
  leads.filter((lead) => armOf(weights, lead) === arm).length / leads.length;

test.each<[Record<string, number>, string, number]>([
  [{ a: 50, b: 50 }, 'a', 0.5],
  [{ a: 1, b: 3 }, 'b', 0.75],
  [{ a: 10, b: 20, c: 70 }, 'c', 0.7],
  [{ a: 0.5, b: 0.5 }, 'b', 0.5],
])('weights are shares of their sum: %j, %s', (weights, arm, share) => {
  expect(shareOf(arm, weights)).toBeCloseTo(share, 1);
});

test('an arm of weight 0 is never taken', () => {
  expect(new Set(leads.map((lead) => armOf({ a: 0, b: 5, c: 0 }, lead)))).toEqual(new Set(['b']));
});

test('an entity gets the same arm every time', () => {
  for (const lead of leads.slice(0, 50)) expect(armOf({ a: 1, b: 1 }, lead)).toBe(armOf({ a: 1, b: 1 }, lead));
});

test('where weights move, only as many entities move with them', () => {
  const moved = leads.filter((lead) => armOf({ a: 50, b: 50 }, lead) !== armOf({ a: 60, b: 40 }, lead));
  expect(moved.length / leads.length).toBeCloseTo(0.1, 1);
});

test.each([
  ['split', { id: 2 }],
  ['workflow', { workflowId: 8 }],
])('another %s splits independently', (_, other) => {
  const same = leads.filter((lead) => armOf({ a: 1, b: 1 }, lead) === armOf({ a: 1, b: 1 }, lead, other));
  expect(same.length / leads.length).toBeCloseTo(0.5, 1);
});
