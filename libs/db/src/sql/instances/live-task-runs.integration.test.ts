import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/own-database.ts';
import { anInstanceRow, idOf } from '../../../test/rows.ts';
import { deleteEndedTaskRuns, findLiveTaskRuns, type InstanceRow, insertInstances, insertLiveTaskRuns } from '../../index.ts';

let database: OwnDatabase;
beforeAll(async () => {
  database = await createOwnDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

let last = 0;

/** Enters a run, with its instance unless `status` is null; answers the instance's id. */
async function addRun(taskId: number, status: InstanceRow['status'] | null): Promise<string> {
  last += 1;
  const run = { tenantId: 'acme', taskId, instanceId: idOf(last) };
  await insertLiveTaskRuns(database.pool, [run]);
  if (status !== null)
    await insertInstances(database.pool, [anInstanceRow({ id: run.instanceId, scheduledTaskId: taskId, status })], idOf(0xaa));
  return run.instanceId;
}

test('the live runs of a task are those whose instances are pending or running, by what the instances say', async () => {
  const running = await addRun(1, 'running');
  const pending = await addRun(1, 'pending');
  for (const status of ['completed', 'failed', 'cancelled', null] as const) await addRun(1, status);
  const other = await addRun(2, 'running');
  await addRun(3, 'completed');
  const live = await findLiveTaskRuns(database.pool, [3, 2, 1]);
  expect([live.get(1)?.sort(), live.get(2), live.get(3)]).toEqual([[running, pending], [other], undefined]);
  expect(await findLiveTaskRuns(database.pool, [])).toEqual(new Map());
});

test('what is entered again is there once, and what has ended is taken out, but for what goes on again', async () => {
  const [ended, goesOn] = [await addRun(10, 'completed'), await addRun(10, 'running')];
  await insertLiveTaskRuns(database.pool, [{ tenantId: 'acme', taskId: 10, instanceId: goesOn }]);
  await deleteEndedTaskRuns(database.pool, [ended, goesOn]);
  const [rows] = await database.pool.query('select lower(hex(instance_id)) as id from live_task_runs where task_id = 10');
  expect(rows).toEqual([{ id: goesOn }]);
});
