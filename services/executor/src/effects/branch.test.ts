import type { OperatorName } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { turnOf } from '../../test/engine-turn.ts';
import { anAction, now } from '../../test/instance-builders.ts';

const score = (operator: OperatorName, value: number) => [{ field: 'lead_score', operator, value }];
const hotOrWarm = {
  action_type: 'branch',
  action_config: {
    branches: [
      { name: 'hot', conditions: score('greater_than_or_equal', 80) },
      { name: 'warm', conditions: score('greater_than_or_equal', 50) },
    ],
  },
};

test.each<[unknown, string]>([
  [95, 'hot'],
  [80, 'hot'],
  [79, 'warm'],
  [12, 'else'],
  [null, 'else'],
  ['95', 'else'],
])('the first branch whose conditions hold is taken, and unknown does not hold: a score of %j', (lead_score, arm) => {
  expect(turnOf(hotOrWarm, { event: { data: { lead_score } as never } })).toEqual({ kind: 'arm', arm });
});

test('its conditions read outputs and variables', () => {
  const named = {
    action_id: 2,
    action_name: 'call',
    action_type: 'http_request',
    at: now,
    status: 'completed',
    attempt: 1,
    duration_ms: 1,
  } as const;
  const entries = [
    { type: 'action_completed', ...named, detail: { input: null, output: { status: 204 } } },
    {
      type: 'action_completed',
      ...named,
      action_id: 3,
      action_type: 'set_variable',
      detail: { input: null, output: { name: 'plan', value: 'gold' } },
    },
  ] as const;
  const action_config = {
    branches: [
      {
        name: 'ok',
        conditions: {
          all: [
            { field: 'actions.call.output.status', operator: 'equals', value: 204 },
            { field: 'variables.plan', operator: 'equals', value: 'gold' },
          ],
        },
      },
    ],
  };
  const others = [anAction({ id: 2, name: 'call', action_type: 'http_request', action_config: { url: 'https://example.com/' } })];
  expect(turnOf({ action_type: 'branch', action_config }, { entries: [...entries], others })).toEqual({ kind: 'arm', arm: 'ok' });
  expect(turnOf({ action_type: 'branch', action_config }, { others })).toEqual({ kind: 'arm', arm: 'else' });
});

test('a branch whose own conditions are not true takes no arm', () => {
  expect(turnOf({ ...hotOrWarm, conditions: score('greater_than', 100) })).toEqual({ kind: 'skipped', reason: 'condition_false' });
});
