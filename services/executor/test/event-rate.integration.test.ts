import { type ActionOverrides, anEventView, aStart, eventually, sendCommands } from '@millrace/testing';
import { expect, test } from 'vitest';
import { useExecutor } from './executor-under-test.ts';

const under = useExecutor('executor-event-rate', async () => ({ TENANT_EVENTS_PER_SECOND: '20', QUEUE_BYTES: '1048576' }));

const tag: ActionOverrides = { action_type: 'add_tag', action_config: { tag: 'seen' } };
const completed = async (workflowId: number) => {
  const [rows] = await under().installation.database.pool.query(
    "SELECT COUNT(*) AS count FROM workflow_instances WHERE workflow_id = ? AND status = 'completed'",
    [workflowId],
  );
  return (rows as { count: number }[])[0]?.count ?? 0;
};

test('a tenant beyond its events per second waits in the queue, loses none, and delays no other', async () => {
  const [busy, calm] = [await under().workflow([tag]), await under().workflow([tag])];
  const count = 200;
  const events = Array.from({ length: count }, (_, index) => anEventView({ event_id: `busy-${index}`, entity_id: String(index) }));
  await sendCommands(
    under().installation,
    events.map((event) => aStart(busy, event)),
  );
  const id = await under().start(calm);
  await under().rowWhen(id, { status: 'completed' });
  expect(await completed(busy.id)).toBeLessThan(count);
  await eventually(async () => expect(await completed(busy.id)).toBe(count));
  await under().drained();
});

test('a number that the tenant has set counts instead, and what goes on with an instance is no event', async () => {
  const version = await under().workflow([{ ...tag, delay_seconds: 3_600 }, tag]);
  await under().installation.database.pool.query(
    `INSERT INTO tenant_settings (tenant_id, timezone, senders, redaction, limits, version, created_at, updated_at) VALUES (?, 'UTC', '[]', '{}', ?, 1, now(3), now(3))`,
    [version.tenant_id, JSON.stringify({ events_per_second: 1 })],
  );
  const first = await under().start(version, { event_id: 'known', entity_id: 'known' });
  await under().rowWhen(first, { waitingFor: 'delay' });
  const waiting: string[] = [];
  for (let index = 0; index < 8; index += 1) {
    waiting.push(await under().start(version, { event_id: `event-${index}`, entity_id: String(index) }));
  }
  for (let times = 0; times < 30; times += 1) await under().resume(first);
  await eventually(async () => expect(await under().row(waiting.at(-1) ?? '')).toMatchObject({ waitingFor: 'delay' }));
  await under().drained();
  expect((await under().row(first))?.waitingFor).toBe('delay');
});
