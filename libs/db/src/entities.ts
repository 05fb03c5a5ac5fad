import { IdempotencyKey, OutboxMessage, SchedulerLease } from './entities/coordination.ts';
import { ScheduledTask, ScheduledTaskExecution } from './entities/scheduled-task.ts';
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
];
