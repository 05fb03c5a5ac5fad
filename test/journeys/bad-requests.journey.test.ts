import { type ProblemAnswer, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('bad-requests', { services: ['definitions-api'] });

const workflow = (overrides: object = {}) => ({
  name: 'Lead Scoring Workflow',
  triggers: [{ trigger_type: 'lead_created', trigger_config: '{"min_score": 0}' }],
  actions: [{ action_type: 'create_task', action_config: '{"title": "Follow up"}' }],
  ...overrides,
});
const action = (overrides: object) => workflow({ actions: [{ action_type: 'create_task', action_config: { title: 'x' }, ...overrides }] });
const trigger = (overrides: object) => workflow({ triggers: [{ trigger_type: 'lead_created', ...overrides }] });

const invalid: [string, unknown, { path: string; code?: string }][] = [
  ['an unknown action type', action({ action_type: 'send_fax' }), { path: 'actions[0].action_type', code: 'unknown_action_type' }],
  ['a JSON text that is a list', action({ action_config: '[1]' }), { path: 'actions[0].action_config' }],
  ['a JSON text that is a text', action({ action_config: '"title"' }), { path: 'actions[0].action_config' }],
  ['a text that is no JSON', action({ action_config: 'title: x' }), { path: 'actions[0].action_config' }],
  ['an unknown key of a config', action({ action_config: { title: 'x', titel: 'y' } }), { path: 'actions[0].action_config.titel' }],
  ['a template that does not parse', action({ action_config: { title: '{{ lead. }' } }), { path: 'actions[0].action_config.title' }],
  ['an unknown trigger type', trigger({ trigger_type: 'lead_deleted' }), { path: 'triggers[0].trigger_type' }],
  ['an unknown key of a trigger', trigger({ trigger_config: { minscore: 1 } }), { path: 'triggers[0].trigger_config.minscore' }],
  [
    'a value that does not fit its operator',
    trigger({ conditions: [{ field: 'lead_score', operator: 'greater_than', value: 'many' }] }),
    { path: 'triggers[0].conditions[0].value' },
  ],
  ['a negative delay', action({ delay_seconds: -1 }), { path: 'actions[0].delay_seconds' }],
  ['no name', workflow({ name: undefined }), { path: 'name' }],
];

test.each(invalid)('%s is a 422 that names the path', async (_, body, fault) => {
  const answer = await millrace().api('acme').request<ProblemAnswer>('POST', '/workflows', { body });
  expect(answer).toMatchObject({ status: 422, body: { status: 422, code: 'invalid', detail: expect.stringMatching(/^Expected /) } });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const found = answer.body.errors?.find(({ path }) => path === fault.path);
  expect({ found, all: answer.body.errors }).toMatchObject({ found: { ...fault, message: expect.stringMatching(/^Expected .*but/) } });
  expect((await millrace().api('acme').request('GET', '/workflows')).body).toMatchObject({ total: 0 });
});

test('all faults of a body come in one answer', async () => {
  const body = workflow({
    name: '',
    actions: [{ action_type: 'send_fax' }, { action_type: 'send_sms', action_config: { to: '123', body: '' } }],
  });
  const answer = await millrace().api('acme').request<ProblemAnswer>('POST', '/workflows', { body });
  expect(answer.status).toBe(422);
  expect(answer.body.errors?.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['name', 'actions[0].action_type', 'actions[1].action_config.to', 'actions[1].action_config.body']),
  );
});

test('what is no JSON is a 400, what names no tenant a 401, what is not there a 404, a name that is taken a 409', async () => {
  const { api } = millrace();
  const ask = (path: string, options?: object) => api('globex').request<ProblemAnswer>('POST', path, options);
  expect(await ask('/workflows', { body: '{"name": ' })).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
  expect(await ask('/workflows', { body: workflow(), headers: { 'x-tenant-id': '' } })).toMatchObject({ status: 401 });
  expect(await ask('/workflows/1000000/trigger', { body: { triggered_by: 'lead_id', triggered_by_value: 'x' } })).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  });
  expect(await ask('/workflows', { body: workflow() })).toMatchObject({ status: 201 });
  expect(await ask('/workflows', { body: workflow() })).toMatchObject({ status: 409 });
});
