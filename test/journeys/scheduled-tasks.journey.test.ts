import { eventually, findLogFaults, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('scheduled');

interface Execution {
  scheduled_for: string;
  status: string;
}

test('a scheduled task starts its workflow at each due second, records each occurrence once, and stops when it is deleted', async () => {
  const { api, drained, installation, publishWorkflow } = millrace();
  const acme = api('acme');
  const workflow = await publishWorkflow('acme', {
    name: 'Every second',
    triggers: [],
    actions: [{ action_type: 'send_notification', action_config: { role: 'sales', title: 'It is {{ now }}' } }],
  });
  const createTask = async (name: string): Promise<number> => {
    const body = { name, type: 'workflow', config: { workflow_id: workflow.id }, schedule: '* * * * * *' };
    const created = await acme.request<{ id: number }>('POST', '/scheduled-tasks', { body });
    expect(created.status).toBe(201);
    return created.body.id;
  };
  const runsOf = async (taskId: number) => {
    const runs = await acme.instances(workflow.id);
    return runs.filter((run) => run.triggered_by === 'scheduled_task' && run.triggered_by_value === String(taskId));
  };
  const expectRuns = (taskId: number, count: number) =>
    eventually(async () => {
      const completed = (await runsOf(taskId)).filter(({ status }) => status === 'completed');
      expect(completed.length).toBeGreaterThanOrEqual(count);
    });
  const task = await createTask('Tick');
  const witness = await createTask('Goes on');
  await expectRuns(task, 3);
  await drained();
  const { items } = (await acme.request<{ items: Execution[] }>('GET', `/scheduled-tasks/${task}/executions`)).body;
  expect(items.map(({ status }) => status)).toEqual(items.map(() => 'completed'));
  const dues = items.map(({ scheduled_for }) => Date.parse(scheduled_for)).sort((a, b) => a - b);
  expect(dues).toEqual(dues.map((_, index) => Math.ceil((dues[0] ?? 0) / 1_000) * 1_000 + index * 1_000));

  expect((await acme.request('DELETE', `/scheduled-tasks/${task}`)).status).toBe(204);
  await drained();
  const before = await runsOf(task);
  await expectRuns(witness, (await runsOf(witness)).length + 2);
  expect(await runsOf(task)).toEqual(before);
  expect(await findLogFaults(installation)).toEqual([]);
});
