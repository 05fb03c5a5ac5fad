import type { ActionNode, WorkflowVersion } from '../definition/workflow-version.ts';
import type { JsonObject } from '../json.ts';
import type { TaskConfigOf } from './task-config.ts';

/** The id of a task's one action: it is no row of its own. */
export const taskActionId = 0;
/** A report or a cleanup may take so long. */
const longTimeoutSeconds = 300;
/** For what is no fault of the run: an outage, a process that stops or is gone. The task's `max_retries` come on top. */
const taskRetryPolicy = { max_attempts: 5, initial_interval_seconds: 1 };

/** A run of a task that starts no workflow, as a workflow of one action. */
export function createTaskVersion(
  tenantId: string,
  taskId: number,
  type: 'action' | 'report' | 'cleanup',
  config: JsonObject,
): WorkflowVersion {
  return {
    id: 0,
    tenant_id: tenantId,
    version: 0,
    name: `scheduled task ${taskId}`,
    enabled: true,
    on_disable: 'finish',
    re_entry: 'always',
    cooldown_seconds: null,
    triggers: [],
    actions: [type === 'action' ? actionNode(config as TaskConfigOf<'action'>) : taskNode(type, config)],
    waits_for: [],
  };
}

const plain: Omit<ActionNode, 'name' | 'action_type' | 'action_config'> = {
  id: taskActionId,
  parent_id: null,
  arm: null,
  order: 0,
  delay_seconds: 0,
  conditions: null,
  retry_policy: null,
  timeout_seconds: null,
  on_error: 'fail',
  at_most_once: false,
};

function actionNode(config: TaskConfigOf<'action'>): ActionNode {
  return {
    ...plain,
    name: config.action_type,
    action_type: config.action_type,
    action_config: config.action_config,
    retry_policy: config.retry_policy ?? null,
    timeout_seconds: config.timeout_seconds ?? null,
    at_most_once: config.at_most_once ?? false,
  };
}

function taskNode(type: string, config: JsonObject): ActionNode {
  return {
    ...plain,
    name: type,
    action_type: type,
    action_config: config,
    retry_policy: taskRetryPolicy,
    timeout_seconds: longTimeoutSeconds,
  };
}
