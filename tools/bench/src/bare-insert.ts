import { type Database, hexLiteral, integerLiteral, textLiteral, timeLiteral } from '@millrace/db';
import type { ExecutionLog } from '@millrace/messages';

const entriesAtOnce = 2_000;

/**
 * The least that anybody could do: the rows of logs in plain multi-row inserts of 2,000 entries a transaction, on one connection, from memory.
 * Nothing is decoded, checked, deduplicated or counted.
 */
export async function insertBare({ transaction }: Database, logs: readonly ExecutionLog[]): Promise<void> {
  for (let from = 0; from < logs.length; ) {
    const chunk: ExecutionLog[] = [];
    for (let entries = 0; from < logs.length && entries < entriesAtOnce; from += 1) {
      const log = logs[from] as ExecutionLog;
      chunk.push(log);
      entries += log.entries.length;
    }
    await transaction(async (connection) => {
      await connection.query(
        `INSERT INTO workflow_execution_logs (tenant_id, workflow_id, instance_id, seq, action, action_id, status, detail, created_at)
         VALUES ${chunk.flatMap(logRows).join(',')}`,
      );
      await connection.query(
        `INSERT INTO workflow_action_executions (tenant_id, workflow_id, instance_id, action_id, action_name, action_type, status, attempts, input,
           result, started_at, completed_at, duration_ms, last_seq, created_at, updated_at)
         VALUES ${chunk.flatMap(actionRows).join(',')}`,
      );
    });
  }
}

const ownerOf = ({ tenant_id: tenantId, workflow_id: workflowId, instance_id: id }: ExecutionLog) =>
  `${textLiteral(tenantId)},${integerLiteral(workflowId)},${hexLiteral(id)}`;

function logRows(log: ExecutionLog): string[] {
  return log.entries.map(
    ({ seq, type, action_id: actionId, status, detail, at }) =>
      `(${ownerOf(log)},${seq},${textLiteral(type)},${integerLiteral(actionId)},${textLiteral(status)},${textLiteral(detail)},${timeLiteral(at)})`,
  );
}

function actionRows(log: ExecutionLog): string[] {
  return log.entries
    .filter(({ action_id: id }) => id !== null)
    .map((entry) => {
      const at = timeLiteral(entry.at);
      const { input, output } = JSON.parse(entry.detail as string) as { input: unknown; output: unknown };
      const names = `${integerLiteral(entry.action_id)},${textLiteral(entry.action_name)},${textLiteral(entry.action_type)}`;
      const result = `${textLiteral(JSON.stringify(input))},${textLiteral(JSON.stringify(output))}`;
      return `(${ownerOf(log)},${names},'completed',1,${result},${at},${at},${integerLiteral(entry.duration_ms)},${entry.seq},${at},${at})`;
    });
}
