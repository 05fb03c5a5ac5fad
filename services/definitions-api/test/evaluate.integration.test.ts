import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiUnderTest, startApi, workflowBody } from './api-under-test.ts';
import { insertInstanceRows } from './instance-rows.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const create = async (triggers: unknown[], overrides: Record<string, unknown> = {}) =>
  (await api.request('POST', '/workflows', { body: workflowBody({ triggers, ...overrides }) })).body;
const evaluate = (id: number, event: unknown, tenant = 'tenant-123') =>
  api.request('POST', `/workflows/${id}/evaluate`, { tenant, body: { event } });
const leadScored = (score: unknown, previousScore: number, source = 'web') => ({
  event_type: 'lead_scored',
  data: { lead_id: 'l1', lead_score: score, source, custom: { seats: '10' } },
  previous: { lead_score: previousScore },
});

test('each condition says what it saw and its verdict', async () => {
  const { id, triggers } = await create([
    {
      trigger_type: 'lead_scored',
      trigger_config: { crossed_above: 80 },
      conditions: {
        any: [
          { field: 'source', operator: 'equals', value: 'ads' },
          { not: { field: 'custom.seats', operator: 'greater_than', value: 9 } },
          { field: 'previous.lead_score', operator: 'less_than', value: 50 },
        ],
      },
    },
  ]);
  const answer = await evaluate(id, leadScored(85, 40));
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    would_start: true,
    refusal: null,
    trigger_id: triggers[0].id,
    triggers: [
      {
        trigger_id: triggers[0].id,
        trigger_type: 'lead_scored',
        listens: true,
        verdict: 'true',
        matches: true,
        conditions: [
          { path: 'trigger_config', field: 'lead_score', operator: 'crossed_above', value: 80, seen: 85, verdict: 'true' },
          { path: 'conditions.any[0]', field: 'source', operator: 'equals', value: 'ads', seen: 'web', verdict: 'false' },
          { path: 'conditions.any[1].not', field: 'custom.seats', operator: 'greater_than', value: 9, seen: '10', verdict: 'unknown' },
          { path: 'conditions.any[2]', field: 'previous.lead_score', operator: 'less_than', value: 50, seen: 40, verdict: 'true' },
        ],
      },
    ],
  });
  expect((await evaluate(id, leadScored(85, 60))).body).toMatchObject({
    would_start: false,
    refusal: 'no_trigger_matches',
    triggers: [{ verdict: 'unknown', matches: false }],
  });
});

test('the first trigger that matches is the one that would start it', async () => {
  const { id, triggers } = await create([
    { trigger_type: 'lead_created' },
    { trigger_type: 'lead_scored', trigger_config: { min_score: 90 } },
    { trigger_type: 'lead_scored' },
    { trigger_type: 'lead_scored' },
  ]);
  const { body } = await evaluate(id, leadScored(85, 40));
  expect(body.trigger_id).toBe(triggers[2].id);
  expect(body.triggers.map(({ listens, matches }: { listens: boolean; matches: boolean }) => [listens, matches])).toEqual([
    [false, false],
    [true, false],
    [true, true],
    [true, true],
  ]);
});

test('a disabled workflow would not start', async () => {
  const { id } = await create([{ trigger_type: 'lead_scored' }], { enabled: false });
  expect((await evaluate(id, leadScored(85, 40))).body).toMatchObject({ would_start: false, refusal: 'workflow_disabled' });
});

test.each([
  ['once', null, 'completed', 9_999, 're_entry'],
  ['while_inactive', null, 'running', 9_999, 're_entry'],
  ['while_inactive', null, 'completed', 0, null],
  ['always', 3_600, 'completed', 60, 're_entry'],
  ['always', 3_600, 'completed', 3_700, null],
  ['always', null, 'running', 0, null],
])(
  'with re_entry %s and a cool-down of %s, after an instance that is %s and began %s s ago: %s',
  async (reEntry, cooldown, status, ago, refusal) => {
    const { id } = await create([{ trigger_type: 'lead_scored' }], { re_entry: reEntry, cooldown_seconds: cooldown });
    expect((await evaluate(id, leadScored(85, 40))).body.refusal).toBeNull();
    const [instance] = await insertInstanceRows(api.database, [{ workflowId: id, status }]);
    await api.database.pool.query(
      `insert into entity_enrolments (tenant_id, workflow_id, entity_type, entity_id, instance_id, started_at, refused)
     values ('tenant-123', ?, 'lead', 'l1', unhex(?), ?, '[]')`,
      [id, instance, new Date(Date.now() - ago * 1_000)],
    );
    expect((await evaluate(id, leadScored(85, 40))).body).toMatchObject({ would_start: refusal === null, refusal });
    expect((await evaluate(id, { ...leadScored(85, 40), data: { lead_id: 'l2', lead_score: 85 } })).body.refusal).toBeNull();
  },
);

test.each([
  ['custom', { event_name: 'order.*' }, { event_type: 'order.paid', entity_type: 'order', entity_id: 'o1' }],
  [
    'workflow_completed',
    { status: 'failed' },
    { event_type: 'workflow_completed', entity_type: 'lead', entity_id: 'l', data: { workflow_id: 1, status: 'failed' } },
  ],
  ['task_completed', { outcome: 'won' }, { event_type: 'task_completed', data: { task_id: 't', lead_id: 'l', outcome: 'Won' } }],
])('a %s trigger is asked too', async (type, config, event) => {
  const { id } = await create([{ trigger_type: type, trigger_config: config }]);
  expect((await evaluate(id, event)).body.would_start).toBe(true);
});

test('faults of the event are named below event, and a foreign workflow is not there', async () => {
  const { id } = await create([{ trigger_type: 'lead_scored' }]);
  expect((await evaluate(id, { event_type: 'lead_scored', data: { lead_id: 'l', lead_score: 'x' } })).body.errors[0].path).toBe(
    'event.data.lead_score',
  );
  expect((await evaluate(id, 5)).body.errors[0].path).toBe('event');
  expect((await evaluate(id, leadScored(1, 0), 'stranger')).status).toBe(404);
});
