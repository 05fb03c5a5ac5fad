import { findStatDifferences } from '@millrace/db';
import { aLeadCreated, eventually, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('statistics');

interface Durations {
  count: number;
  p50: number | null;
}
interface Stats {
  total: number;
  by_status: Record<string, number>;
  duration_ms: Durations;
  versions: { version: number; completed: number; failed: number }[];
  actions: { action_name: string; completed: number; failed: number; duration_ms: Durations; arms: { name: string; taken: number }[] }[];
  series: { started: number; completed: number; failed: number }[];
  workflows: { workflow_id: number }[];
}

const stats = async (path: string) => (await millrace().api('acme').request<Stats>('GET', path)).body;
const pick = {
  name: 'pick',
  action_type: 'split',
  action_config: { arms: ['a', 'b'].map((name) => ({ name, weight: 50, actions: [] })) },
};
const tag = (text: string) => ({ name: 'tag', action_type: 'add_tag', action_config: { tag: text } });
const triggers = [{ trigger_type: 'lead_created' }];

test('statistics say what became of the instances, of failed ones that were retried and of a deleted workflow too', async () => {
  const { api, crm, publishWorkflow, drained, definitionsApplied, installation } = millrace();
  const { pool } = installation.database;
  const { id } = await publishWorkflow('acme', { name: 'Tagged', triggers, actions: [pick, tag('{{ lead.company }}')] });
  const lead = (number: number) =>
    aLeadCreated({ tenant_id: 'acme', entity_id: `lead-${number}`, event_id: `e-${number}` }, { company: number < 3 ? null : 'Ada Inc' });
  const events = Array.from({ length: 20 }, (_, number) => lead(number));
  await crm.publish([...events, ...events]);
  await drained();
  const path = `/workflows/${id}/stats`;
  const first = await eventually(async () => {
    const found = await stats(path);
    expect(found.by_status).toEqual({ pending: 0, running: 0, completed: 17, failed: 3, cancelled: 0 });
    return found;
  });
  expect(first).toMatchObject({ total: 20, success_rate: 0.85, duration_ms: { count: 17, p50: expect.any(Number) } });
  const [picked, tagged] = first.actions as [Stats['actions'][0], Stats['actions'][0]];
  expect(picked.arms.reduce((sum, { taken }) => sum + taken, 0)).toBe(20);
  expect(tagged).toMatchObject({ completed: 17, failed: 3, duration_ms: { count: 17 } });
  expect(first.series.reduce((sum, { started }) => sum + started, 0)).toBe(20);

  const workflow = (await api('acme').request<{ actions: object[] }>('GET', `/workflows/${id}`)).body;
  const actions = workflow.actions.map((action) => ('name' in action && action.name === 'tag' ? { ...action, ...tag('none') } : action));
  expect((await api('acme').request('PUT', `/workflows/${id}`, { body: { ...sameAs(workflow), actions } })).status).toBe(200);
  await definitionsApplied();
  const failed = (await api('acme').instances(id)).find(({ status }) => status === 'failed');
  const retry = await api('acme').request('POST', `/workflows/${id}/instances/${failed?.id}/retry`, { body: { version: 'latest' } });
  expect(retry.status).toBe(202);
  const retried = await eventually(async () => {
    const found = await stats(path);
    expect(found.by_status).toMatchObject({ running: 0, completed: 18, failed: 2 });
    return found;
  });
  expect(retried.total).toBe(20);
  expect(retried.versions).toMatchObject([
    { version: 2, started: 0, completed: 1, failed: 0 },
    { version: 1, started: 20, completed: 17, failed: 3 },
  ]);
  const [counted] = await pool.query(
    'select status, count(*) as n from workflow_instances where workflow_id = ? group by status order by status',
    [id],
  );
  expect(counted).toEqual([
    { status: 'completed', n: 18 },
    { status: 'failed', n: 2 },
  ]);
  expect(await findStatDifferences(pool, Date.now() - 7 * 86_400_000)).toEqual([]);
  expect(await stats('/stats')).toMatchObject({ total: 20, workflows: [{ workflow_id: id, name: 'Tagged' }] });

  expect((await api('acme').request('DELETE', `/workflows/${id}`)).status).toBe(202);
  expect((await api('acme').request('GET', path)).status).toBe(404);
  expect(await stats('/stats')).toMatchObject({ total: 20, by_status: { completed: 18, failed: 2 }, workflows: [] });
});

/** What a replacement says again. */
function sameAs(workflow: object): object {
  const { name, triggers: all } = workflow as { name: string; triggers: object[] };
  return { name, triggers: all };
}
