export type { DatabaseOptions } from './connection-settings.ts';
export { connectDatabase, type Database } from './database.ts';
export { type DatabaseClock, startDatabaseClock } from './database-clock.ts';
export { durationBucket, percentile } from './duration-buckets.ts';
export { ApiKey } from './entities/api-key.ts';
export { AuditEntry } from './entities/audit-entry.ts';
export { CleanupProgress } from './entities/cleanup-progress.ts';
export { IdempotencyKey, OutboxMessage, SchedulerLease } from './entities/coordination.ts';
export { DeadLetter } from './entities/dead-letter.ts';
export { EntityEnrolment } from './entities/entity-enrolment.ts';
export { ScheduledTask, ScheduledTaskExecution } from './entities/scheduled-task.ts';
export { Secret } from './entities/secret.ts';
export { RemovedInstance, WorkflowActionStat, WorkflowStat } from './entities/statistics.ts';
export { TenantSetting } from './entities/tenant-setting.ts';
export { TenantUsage } from './entities/tenant-usage.ts';
export { TriggerCondition, Workflow, WorkflowAction, WorkflowTrigger, WorkflowVersion } from './entities/workflow.ts';
export { WorkflowActionExecution, WorkflowExecutionLog, WorkflowInstance } from './entities/workflow-instance.ts';
export { WorkflowTemplate } from './entities/workflow-template.ts';
export { databaseErrorCode, isDuplicateKey, isMissingReference, translateDatabaseError } from './errors.ts';
export { parseJson } from './json.ts';
export { migrate } from './migrate.ts';
export { openSecret, type SecretKeys, type SecretName, sealSecret } from './secret-seal.ts';
export { databaseSettings, secretSettings } from './settings.ts';
export { findExistingInstanceIds, findExistingTaskIds } from './sql/audit/find-existing-ids.ts';
export { findKnownLogRows, type SeqRange } from './sql/audit/find-known-log-rows.ts';
export { insertLogRows } from './sql/audit/insert-log-rows.ts';
export type { InsertOutcome } from './sql/audit/insert-outcome.ts';
export type { LogRow } from './sql/audit/log-row.ts';
export { isRowFault } from './sql/audit/row-fault.ts';
export { type ActionExecutionRow, upsertActionExecutions } from './sql/audit/upsert-action-executions.ts';
export { type ScheduledExecutionRow, upsertScheduledExecutions } from './sql/audit/upsert-scheduled-executions.ts';
export { countDeadLetters } from './sql/dead-letters/count-dead-letters.ts';
export type { DeadLetterFilter } from './sql/dead-letters/dead-letter-filter.ts';
export { type DeadLetterHeader, type DeadLetterRow, type DeadLetterState, deadLetterStates } from './sql/dead-letters/dead-letter-row.ts';
export { deleteDeadLetters } from './sql/dead-letters/delete-dead-letters.ts';
export { discardDeadLetters } from './sql/dead-letters/discard-dead-letters.ts';
export { findDeadLetter } from './sql/dead-letters/find-dead-letter.ts';
export {
  type DeadLetterOrigin,
  type DeadLetterPage,
  type DeadLetterSummary,
  findDeadLetters,
} from './sql/dead-letters/find-dead-letters.ts';
export { insertDeadLetters } from './sql/dead-letters/insert-dead-letters.ts';
export { markReplayed } from './sql/dead-letters/mark-replayed.ts';
export { type AcknowledgedInstance, clearWakeAt } from './sql/instances/clear-wake-at.ts';
export { type Enrolment, type EnrolmentKey, enrol, saveEnrolment } from './sql/instances/enrolment.ts';
export { findInstances } from './sql/instances/find-instances.ts';
export { findLatestVersion } from './sql/instances/find-latest-version.ts';
export { findLiveInstances, type LiveInstance } from './sql/instances/find-live-instances.ts';
export { findSecret, type SecretRow } from './sql/instances/find-secret.ts';
export { findTenantSettings, type TenantSettingsRow } from './sql/instances/find-tenant-settings.ts';
export { findWorkflowState, type WorkflowStateRow } from './sql/instances/find-workflow-state.ts';
export { findWorkflowVersion } from './sql/instances/find-workflow-version.ts';
export { findWriters } from './sql/instances/find-writers.ts';
export { insertInstances } from './sql/instances/insert-instances.ts';
export type { InstanceRow } from './sql/instances/instance-row.ts';
export { deleteEndedTaskRuns, findLiveTaskRuns, insertLiveTaskRuns, type TaskRunRow } from './sql/instances/live-task-runs.ts';
export { deleteSubscriptions, findSubscribers, insertSubscriptions, type Subscription } from './sql/instances/subscriptions.ts';
export { reserveUsage, returnUsage, type UsageKey } from './sql/instances/tenant-usage.ts';
export { type InstanceUpdate, updateInstances } from './sql/instances/update-instances.ts';
export { hexLiteral, integerLiteral, textLiteral, timeLiteral } from './sql/literal.ts';
export {
  countActivity,
  listFailures,
  type ReportRow,
  type ReportScope,
  summarizeWorkflows,
} from './sql/reports/report-rows.ts';
export { addCleanupProgress, findCleanupProgress, type OnDeleted } from './sql/retention/cleanup-progress.ts';
export { type Cutoffs, deleteExpiredTaskRuns } from './sql/retention/delete-expired-task-runs.ts';
export { deleteHistory, deleteTaskRuns, type HistoryTable } from './sql/retention/delete-history.ts';
export { deleteInstances } from './sql/retention/delete-instances.ts';
export { type DeletedWorkflow, findDeletedWorkflows } from './sql/retention/find-deleted-workflows.ts';
export { findNextTenant, type HistoryOfTenants } from './sql/retention/find-next-tenant.ts';
export { findRetention } from './sql/retention/find-retention.ts';
export { inSteps } from './sql/retention/in-steps.ts';
export { type Chunk, type Cursor, type Retention, stepSizes } from './sql/retention/old-instances.ts';
export { advanceTasks, type TaskAdvance } from './sql/scheduler/advance-tasks.ts';
export { type DueInstance, findDueInstances } from './sql/scheduler/find-due-instances.ts';
export { type DueRange, type DueTask, findChangedTasks, findDueTasks } from './sql/scheduler/find-due-tasks.ts';
export { findUnparkedInstances, type UnparkedInstance } from './sql/scheduler/find-unparked-instances.ts';
export { holdLease, releaseLease } from './sql/scheduler/hold-lease.ts';
export { readDatabaseTime } from './sql/scheduler/read-database-time.ts';
export { type ActionOutcome, type ActionStatRow, addActionStats } from './sql/statistics/add-action-stats.ts';
export { addWorkflowStats, type WorkflowStatRow } from './sql/statistics/add-workflow-stats.ts';
export { countRemovedInstances } from './sql/statistics/count-removed-instances.ts';
export { findStatDifferences, type StatDifference } from './sql/statistics/find-stat-differences.ts';
