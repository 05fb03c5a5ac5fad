import { readLogItems } from '@millrace/audit-logger';
import { insertLogRows, upsertActionExecutions } from '@millrace/db';
import { topics } from '@millrace/messages';
import { foldActionExecutions } from '../../../../services/audit-logger/src/action-executions.ts';
import { createLogRow } from '../../../../services/audit-logger/src/log-item.ts';
import { runOneAtATime } from './one-at-a-time.ts';

// Each entry is a transaction of its own: its log row, and its action's row. Roll-ups are left out: one row a transaction, they would make
// all transactions wait for each other.
await runOneAtATime('audit-logger', topics.executionLog, async ({ codec, database }) => async (record) => {
  for (const item of await readLogItems(codec, record))
    await database.transaction(async (connection) => {
      await insertLogRows(connection, [createLogRow(item)]);
      await upsertActionExecutions(connection, foldActionExecutions([item]));
    });
});
