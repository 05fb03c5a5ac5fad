import { type ExecutionLog, topics } from '@millrace/messages';
import { insertBare } from '../../src/bare-insert.ts';
import { runSmartBatches } from './smart-batches.ts';

const mostRecords = 2_000;

// Log rows and action executions in plain multi-row inserts, sorted by instance as the executor's updates are: each holds the others' rows.
await runSmartBatches('audit-logger', topics.executionLog, async ({ codec, database }) => async (values) => {
  const logs: ExecutionLog[] = [];
  for (const value of values.splice(0, mostRecords)) logs.push(await codec.decode(topics.executionLog, value));
  logs.sort((a, b) => Buffer.compare(Buffer.from(a.instance_id), Buffer.from(b.instance_id)));
  await insertBare(database, logs);
  return false;
});
