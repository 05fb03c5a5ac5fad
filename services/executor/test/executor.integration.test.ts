import { findInstances } from '@millrace/db';
import { topics } from '@millrace/messages';
import {
  anEventView,
  aStart,
  createInstallation,
  eventually,
  freePort,
  insertWorkflow,
  readTopic,
  sendCommands,
  startService,
} from '@millrace/testing';
import { expect, test } from 'vitest';

test('a start runs its actions, makes the instance completed and publishes contiguous entries', async () => {
  await using installation = await createInstallation('executor');
  await using log = await readTopic(installation, topics.executionLog);
  await using crm = await readTopic(installation, topics.crmCommands);
  await using _executor = await startService('executor', installation.env, await freePort());
  const version = await insertWorkflow(installation, 'acme', [
    { action_type: 'create_task', action_config: { title: 'Call {{ lead.first_name }}', assigned_to_id: '1' } },
    { action_type: 'add_tag', action_config: { tag: 'hot' } },
  ]);
  const start = aStart(version, anEventView());
  await sendCommands(installation, [start]);

  const row = await eventually(async () => {
    const found = (await findInstances(installation.database.pool, [start.instance_id])).get(start.instance_id);
    expect(found?.status).toBe('completed');
    return found;
  });
  expect(row).toMatchObject({ progress: 100, executedActions: 2, failedActions: 0, wakeAtMs: null });
  const entries = await eventually(async () => {
    const all = (await log.values()).flatMap((record) => record.entries);
    expect(all.at(-1)?.type).toBe('instance_completed');
    return all;
  });
  expect(entries.map((entry) => [entry.seq, entry.type])).toEqual([
    [1, 'instance_started'],
    [2, 'action_completed'],
    [3, 'action_completed'],
    [4, 'instance_completed'],
  ]);
  const commands = await crm.values();
  expect(commands.map((command) => command.command)).toMatchObject([
    { 'millrace.CreateTask': { title: 'Call Ada', lead_id: 'lead-1', assigned_to_id: '1' } },
    { 'millrace.AddTag': { lead_id: 'lead-1', tag: 'hot' } },
  ]);
});
