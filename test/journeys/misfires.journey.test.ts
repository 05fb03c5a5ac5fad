import { eventually, findLogFaults, useMillrace } from '@millrace/testing';
import { expect, test } from 'vitest';

const millrace = useMillrace('misfires');

const minuteMs = 60_000;
const missed = 180;

interface Execution {
  scheduled_for: string;
  status: string;
  skip_reason: string | null;
}

test.each([
  ['skip', null, 0],
  ['fire_once', null, 1],
  ['fire_all', 10, 10],
])(
  'three hours down over a task of every minute: %s (%s) makes %s runs, the newest, and each other occurrence is in the history with its reason',
  async (misfire_policy, misfire_max, count) => {
    const { api, drained, installation, publishWorkflow } = millrace();
    const { pool } = installation.database;
    const acme = api('acme');
    const workflow = await publishWorkflow('acme', {
      name: `Run by ${misfire_policy}`,
      triggers: [],
      actions: [{ action_type: 'send_notification', action_config: { role: 'sales', title: 'Due' } }],
    });
    const body = {
      ...{ name: misfire_policy, type: 'workflow', config: { workflow_id: workflow.id }, schedule: '* * * * *', enabled: false },
      ...{ misfire_policy, overlap_policy: 'allow', ...(misfire_max === null ? {} : { misfire_max }) },
    };
    const { id } = (await acme.request<{ id: number }>('POST', '/scheduled-tasks', { body })).body;

    // As a scheduler that was away leaves it. The last occurrence that it missed is the last of all, so that the second of the minute in
    // which the test runs makes no difference.
    const lastMs = Math.floor(Date.now() / minuteMs) * minuteMs - minuteMs;
    const [next, end] = [new Date(lastMs - (missed - 1) * minuteMs), new Date(lastMs)];
    await pool.query('update scheduled_tasks set enabled = 1, next_run_at = ?, end_at = ?, computed_revision = revision where id = ?', [
      next,
      end,
      id,
    ]);
    await eventually(async () => {
      const task = (await acme.request<{ state: string; state_reason: string }>('GET', `/scheduled-tasks/${id}`)).body;
      expect(task).toMatchObject({ state: 'ended', state_reason: 'end_at', next_run_at: null });
    });
    await drained();

    const { items, total } = (
      await acme.request<{ items: Execution[]; total: number }>('GET', `/scheduled-tasks/${id}/executions?limit=200`)
    ).body;
    expect(total).toBe(missed);
    expect(items.map(({ scheduled_for }) => Date.parse(scheduled_for))).toEqual(items.map((_, ago) => lastMs - ago * minuteMs));
    expect(items.slice(0, count).map(({ status, skip_reason }) => [status, skip_reason])).toEqual(
      Array.from({ length: count }, () => ['completed', null]),
    );
    expect(items.slice(count).map(({ status, skip_reason }) => [status, skip_reason])).toEqual(
      Array.from({ length: missed - count }, () => ['cancelled', 'misfire']),
    );
    expect(await findLogFaults(installation)).toEqual([]);
  },
);
