import {
  type AcknowledgedInstance,
  clearWakeAt,
  type Database,
  deleteEndedTaskRuns,
  deleteSubscriptions,
  type Enrolment,
  type EnrolmentKey,
  enrol,
  findInstances,
  findLatestVersion,
  findLiveTaskRuns,
  findSubscribers,
  findWorkflowVersion,
  findWriters,
  type InstanceRow,
  type InstanceUpdate,
  insertInstances,
  insertLiveTaskRuns,
  insertSubscriptions,
  type Subscription,
  saveEnrolment,
  type TaskRunRow,
  translateDatabaseError,
  updateInstances,
} from '@millrace/db';

/**
 * The tables that the engine lives from, a statement a call: what each promises is said at the function of the same name in `@millrace/db`.
 * While the database is away they are rejected with RetryableError; a call that was may have been carried out.
 */
export interface Tables {
  findInstances(ids: readonly string[]): Promise<Map<string, InstanceRow>>;
  findWriters(ids: readonly string[]): Promise<Map<string, string | null>>;
  insertInstances(rows: readonly InstanceRow[], writer: string): Promise<number>;
  updateInstances(updates: readonly InstanceUpdate[], writer: string, nowMs: number): Promise<number>;
  clearWakeAt(instances: readonly AcknowledgedInstance[]): Promise<void>;
  insertSubscriptions(subscriptions: readonly Subscription[]): Promise<void>;
  findSubscribers(key: Omit<Subscription, 'instanceId'>): Promise<string[]>;
  deleteSubscriptions(instanceIds: readonly string[]): Promise<void>;
  findWorkflowVersion(workflowId: number, version: number): Promise<string | null>;
  findLatestVersion(workflowId: number): Promise<number | null>;
  insertLiveTaskRuns(runs: readonly TaskRunRow[]): Promise<void>;
  findLiveTaskRuns(taskIds: readonly number[]): Promise<Map<number, string[]>>;
  deleteEndedTaskRuns(instanceIds: readonly string[]): Promise<void>;
  /**
   * Decides about an entity's enrolment, one start after the other: `decide` is given the one that it has, or a new one with this instance, and
   * answers what it is to be; null: as it is. Answers what it is then.
   */
  enrol(key: EnrolmentKey, instanceId: string, atMs: number, decide: (known: Enrolment) => Promise<Enrolment | null>): Promise<Enrolment>;
}

export function createTables(database: Database): Tables {
  const { pool } = database;
  return {
    findInstances: (ids) => findInstances(pool, ids).catch(rethrow),
    findWriters: (ids) => findWriters(pool, ids).catch(rethrow),
    insertInstances: (rows, writer) => insertInstances(pool, rows, writer).catch(rethrow),
    updateInstances: (updates, writer, nowMs) => updateInstances(pool, updates, writer, nowMs).catch(rethrow),
    clearWakeAt: (instances) => clearWakeAt(pool, instances).catch(rethrow),
    insertSubscriptions: (subscriptions) => insertSubscriptions(pool, subscriptions).catch(rethrow),
    findSubscribers: (key) => findSubscribers(pool, key).catch(rethrow),
    deleteSubscriptions: (instanceIds) => deleteSubscriptions(pool, instanceIds).catch(rethrow),
    findWorkflowVersion: (workflowId, version) => findWorkflowVersion(pool, workflowId, version).catch(rethrow),
    findLatestVersion: (workflowId) => findLatestVersion(pool, workflowId).catch(rethrow),
    insertLiveTaskRuns: (runs) => insertLiveTaskRuns(pool, runs).catch(rethrow),
    findLiveTaskRuns: (taskIds) => findLiveTaskRuns(pool, taskIds).catch(rethrow),
    deleteEndedTaskRuns: (instanceIds) => deleteEndedTaskRuns(pool, instanceIds).catch(rethrow),
    enrol: (key, instanceId, atMs, decide) =>
      database.transaction(async (connection) => {
        const known = await enrol(connection, key, instanceId, atMs);
        const next = await decide(known);
        if (next !== null) await saveEnrolment(connection, key, next);
        return next ?? known;
      }),
  };
}

function rethrow(error: unknown): never {
  throw translateDatabaseError(error);
}
