import { type Database, deleteInstances, findDeletedWorkflows, inSteps, stepSizes, translateDatabaseError } from '@millrace/db';
import { counter, type Logger, type Loop, startLoop } from '@millrace/runtime';

const everyMs = 60_000;
const workflowsAtOnce = 50;
/** An entry of the log that isn't written by then never will be: its topic has dropped it. */
const logKeptMs = 7 * 86_400_000;

const removed = counter('millrace_executor_instances_removed_total', 'Instances of deleted workflows that were removed with their history');

/** Removes what is left of deleted workflows now and then. Every executor does; what another removes meanwhile is passed over. */
export function startJanitor({ database, logger }: { database: Database; logger: Logger }): Loop {
  return startLoop({ name: 'janitor', everyMs, logger, runOnce: (signal) => removeDeleted(database, signal) });
}

/**
 * Removes the ended instances of deleted workflows with their history, children first, in chunks that hold no lock for long. Live ones are
 * cancelled first, by others, and go the next time, as do those whose log isn't written yet, as it is still to be counted; the workflow's own
 * rows go when nothing refers to them.
 */
export async function removeDeleted(database: Database, signal: AbortSignal): Promise<void> {
  let afterId = 0;
  for (;;) {
    const workflows = await findDeletedWorkflows(database.pool, afterId, workflowsAtOnce).catch((error: unknown) => {
      throw translateDatabaseError(error);
    });
    for (const { id, tenantId } of workflows) {
      const nowMs = Date.now();
      const retention = { tenantId, beforeMs: nowMs, statuses: [], workflowId: id, unloggedBeforeMs: nowMs - logKeptMs };
      for await (const { deleted } of inSteps((from) => deleteInstances(database, retention, from, stepSizes.instances), signal)) {
        removed.add(deleted);
      }
      afterId = id;
    }
    if (workflows.length < workflowsAtOnce || signal.aborted) return;
  }
}
