import { insertInstances, updateInstances } from '@millrace/db';
import { topics } from '@millrace/messages';
import type { WorkflowVersion } from '@millrace/workflow';
import { type BareInstance, createInstance, logOf, nextCommand, recordAction } from './instance.ts';
import { type OutMessage, runSmartBatches } from './smart-batches.ts';

const mostRows = 500;
const writer = '00'.repeat(16);

/**
 * Each flush takes instances that are new and those that the last one has gone on with, up to 500: their next calls and the last flush's log
 * records in one request, then the new rows in one statement and the others in another. Each instance is in one flush at a time, so an
 * action begins after the commit that holds the one before.
 */
await runSmartBatches('executor', topics.workflowCommands, async ({ codec, database: { pool }, versionByTenant, send }) => {
  let waiting: BareInstance[] = [];
  let logs: OutMessage[] = [];
  return async (values) => {
    const batch = waiting.splice(0, mostRows);
    for (const value of values.splice(0, mostRows - batch.length)) {
      const command = await codec.decode(topics.workflowCommands, value);
      batch.push(createInstance(command, versionByTenant.get(command.tenant_id) as WorkflowVersion));
    }
    const commands: OutMessage[] = [];
    for (const [number, instance] of batch.entries()) {
      const value = await codec.encode(topics.crmCommands, nextCommand(instance));
      commands.push({ key: instance.row.tenantId, value, partition: number % topics.crmCommands.partitions });
    }
    await send([
      [topics.crmCommands, commands],
      [topics.executionLog, logs],
    ]);
    for (const instance of batch) recordAction(instance);
    const rows = batch.filter(({ row }) => row.rowVersion === 1).map(({ row }) => row);
    const updates = batch.filter(({ row }) => row.rowVersion > 1);
    const inserted = await insertInstances(pool, rows, writer);
    const updated = await updateInstances(pool, updates, writer, Date.now());
    if (inserted + updated !== batch.length)
      throw new Error(`Expected ${batch.length} rows to be written, but it were ${inserted + updated}`);
    logs = [];
    for (const [number, instance] of batch.entries()) {
      const value = await codec.encode(topics.executionLog, logOf(instance));
      logs.push({ key: instance.row.tenantId, value, partition: number % topics.executionLog.partitions });
    }
    waiting = waiting.concat(batch.filter(({ row }) => row.status === 'running'));
    return waiting.length + logs.length > 0;
  };
});
