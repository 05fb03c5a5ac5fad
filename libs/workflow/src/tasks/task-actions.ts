import { findActionType } from '../actions/action-types.ts';
import { type ActionDefinition, defineAction } from '../actions/define-action.ts';
import { taskConfigSchemas } from './task-config.ts';

/** What only a scheduled task does. */
export const taskActions = {
  report: defineAction({
    type: 'report',
    effect: 'world',
    schema: () => taskConfigSchemas.report,
    hides: { contents: ['input.email_to'] },
    documentation: {
      summary: 'Reports on workflows over a period; kept in the execution, and mailed where asked.',
      fields: {
        report: 'workflow_summary, failures or tenant_activity.',
        period: 'The last whole day (the default), week or month, or {from, to} of at most 366 days.',
        timezone: 'Where days begin; default UTC.',
        workflow_id: 'Only this workflow.',
        format: 'json (the default) or csv.',
        email_to: 'One address or a list.',
      },
      example: { report: 'failures', period: 'week', format: 'csv', email_to: 'ops@example.com' },
    },
  }),
  cleanup: defineAction({
    type: 'cleanup',
    effect: 'world',
    schema: () => taskConfigSchemas.cleanup,
    documentation: {
      summary: 'Deletes old rows in bounded chunks.',
      fields: {
        target:
          'instances (with their history), execution_logs, action_executions (both only of instances that have ended) or scheduled_executions.',
        older_than_days: '8 or more.',
        statuses: 'Only rows in one of these; the target says which there are.',
        workflow_id: 'Only this workflow; not with scheduled_executions.',
      },
      example: { target: 'instances', older_than_days: 90, statuses: ['completed'] },
    },
  }),
};

export type TaskActionType = keyof typeof taskActions;

/** The definition of an action of a workflow or of a task. */
export function findRunnableType(name: string): ActionDefinition<unknown> | undefined {
  return Object.hasOwn(taskActions, name) ? taskActions[name as TaskActionType] : findActionType(name);
}
