import { ApiKey } from './entities/api-key.ts';
import { AuditEntry } from './entities/audit-entry.ts';
import { CleanupProgress } from './entities/cleanup-progress.ts';
import { IdempotencyKey, OutboxMessage, SchedulerLease } from './entities/coordination.ts';
import { DeadLetter } from './entities/dead-letter.ts';
import { EntityEnrolment } from './entities/entity-enrolment.ts';
import { InstanceSubscription } from './entities/instance-subscription.ts';
import { LiveTaskRun } from './entities/live-task-run.ts';
import { ScheduledTask, ScheduledTaskExecution } from './entities/scheduled-task.ts';
import { Secret } from './entities/secret.ts';
import { RemovedInstance, WorkflowActionStat, WorkflowStat } from './entities/statistics.ts';
import { TenantSetting } from './entities/tenant-setting.ts';
import { TenantUsage } from './entities/tenant-usage.ts';
import { TriggerCondition, Workflow, WorkflowAction, WorkflowTrigger, WorkflowVersion } from './entities/workflow.ts';
import { WorkflowActionExecution, WorkflowExecutionLog, WorkflowInstance } from './entities/workflow-instance.ts';
import { WorkflowTemplate } from './entities/workflow-template.ts';

export const entities = [
  Workflow,
  WorkflowTrigger,
  TriggerCondition,
  WorkflowAction,
  WorkflowVersion,
  WorkflowInstance,
  WorkflowActionExecution,
  WorkflowExecutionLog,
  ScheduledTask,
  ScheduledTaskExecution,
  WorkflowTemplate,
  OutboxMessage,
  IdempotencyKey,
  SchedulerLease,
  ApiKey,
  Secret,
  TenantSetting,
  AuditEntry,
  InstanceSubscription,
  EntityEnrolment,
  LiveTaskRun,
  CleanupProgress,
  DeadLetter,
  WorkflowStat,
  WorkflowActionStat,
  RemovedInstance,
  TenantUsage,
];
