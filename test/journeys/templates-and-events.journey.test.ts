import { topics } from '@millrace/messages';
import { eventually, readTopic, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('templates');
const api = () => millrace().api('acme');

interface List<T> {
  items: T[];
  total: number;
}

const get = async <T>(path: string): Promise<T> => (await api().request<T>('GET', path)).body;

test('a built-in template becomes a workflow that events posted over HTTP start', async () => {
  const template = await eventually(async () => {
    const { items } = await get<List<{ id: number; name: string }>>('/workflow-templates?built_in=true&limit=200');
    const found = items.find(({ name }) => name === 'Hot lead alert');
    if (!found) throw new Error('Expected the built-in templates, but they are not there yet');
    return found;
  });
  const made = await api().request<{ id: number; enabled: boolean }>('POST', `/workflow-templates/${template.id}/instantiate`, {
    body: { parameters: { threshold: 75, fallback_user: 'user-1' } },
  });
  expect(made).toMatchObject({ status: 201, body: { enabled: false } });
  const { id } = made.body;
  await millrace().definitionsApplied();

  const scored = (eventId: string, before: number, after: number) => ({
    event_id: eventId,
    event_type: 'lead_scored',
    data: { lead_id: 'lead-1', first_name: 'Ada', lead_score: after },
    previous: { lead_score: before },
  });
  // Not yet enabled: nothing starts, and evaluate says why.
  expect(await api().request('POST', '/events', { body: scored('too-early', 10, 90) })).toMatchObject({
    status: 202,
    body: { accepted: 1 },
  });
  const dryRun = await api().request('POST', `/workflows/${id}/evaluate`, { body: { event: scored('dry', 10, 90) } });
  expect(dryRun.body).toMatchObject({ would_start: false, refusal: 'workflow_disabled', triggers: [{ matches: true }] });
  await millrace().drained();

  expect((await api().request('PATCH', `/workflows/${id}/enable`, { body: { enabled: true } })).status).toBe(200);
  await millrace().definitionsApplied();
  const posted = await api().request('POST', '/events', {
    body: [scored('below', 10, 70), scored('across', 70, 80), scored('across', 70, 80)],
  });
  expect(posted).toMatchObject({ status: 202, body: { accepted: 3 } });

  const [instance] = await eventually(async () => {
    const { items } = await get<List<{ id: string; status: string }>>(`/instances?workflow_id=${id}&entity_id=lead-1`);
    expect(items).toMatchObject([{ status: 'completed', triggered_by_value: 'across' }]);
    return items;
  });
  const log = await eventually(async () => {
    const entries = await get<List<{ type: string; action_name: string | null }>>(`/workflows/${id}/instances/${instance?.id}/log`);
    expect(entries.items.at(-1)?.type).toBe('instance_completed');
    return entries;
  });
  expect(log.items.filter(({ type }) => type === 'action_completed').map((entry) => entry.action_name)).toEqual([
    'tag hot',
    'tell owner',
    'call task',
  ]);
  expect(await get(`/workflows/${id}/stats`)).toMatchObject({ total: 1, success_rate: 1 });
  await using commands = await readTopic(millrace().installation, topics.crmCommands);
  const kinds = await eventually(async () => {
    const sent = (await commands.values()).map(({ command }) => Object.keys(command)[0]);
    expect(sent).toHaveLength(3);
    return sent;
  });
  expect(kinds).toEqual(['millrace.AddTag', 'millrace.SendNotification', 'millrace.CreateTask']);
});
