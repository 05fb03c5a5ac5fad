export { type ActionInputOf, type ActionType, actionTypeNames, actionTypes, findActionType } from './actions/action-types.ts';
export { elseArm } from './actions/branch.ts';
export { type ActionDefinition, type ActionInput, defineAction, type EffectPlace } from './actions/define-action.ts';
export { endOfDelay } from './actions/delay.ts';
export { armAt } from './actions/split.ts';
export { timeoutArm } from './actions/wait-for-event.ts';
export { parseAddress, parsePhone } from './address.ts';
export { type ConditionContext, createTriggerContext, type Verdict } from './conditions/condition-context.ts';
export {
  type CheckedConditions,
  type ConditionLeaf,
  type ConditionPlace,
  type Conditions,
  type ConditionTree,
  checkConditions,
} from './conditions/condition-tree.ts';
export { type CompiledConditions, compileConditions, evaluate, explain, type LeafExplanation } from './conditions/evaluate.ts';
export { createFieldReader, createPreviousReader, type FieldPath, parseFieldPath } from './conditions/field-path.ts';
export { addDuration, parseDuration, parseMoment } from './conditions/moment.ts';
export { type OperatorName, operatorNames } from './conditions/operators.ts';
export { foldText } from './conditions/text.ts';
export { type CompleteAction, completeActions, flattenActions } from './definition/action-list.ts';
export {
  type ActionRequest,
  type ArmRequest,
  actionRequestSchema,
  defaultTimeoutSeconds,
  maxDelaySeconds,
  maxTimeoutSeconds,
  placedActionRequestSchema,
} from './definition/action-request.ts';
export { childrenOf, type NestedAction, nestAction, nestActions, waitedEvents } from './definition/action-tree.ts';
export { configInputSchema } from './definition/config-input.ts';
export { mayEnterAgain } from './definition/re-entry.ts';
export {
  checkScheduledTask,
  type ScheduledTaskRequest,
  scheduledTaskRequestSchema,
} from './definition/scheduled-task-request.ts';
export {
  defaultTenantSettings,
  type TenantLimitName,
  type TenantLimits,
  type TenantSettings,
  type TenantSettingsRequest,
  tenantLimits,
  tenantSettingsSchema,
} from './definition/tenant-settings.ts';
export { type TriggerRequest, triggerRequestSchema } from './definition/trigger-request.ts';
export {
  checkAction,
  checkTrigger,
  checkWorkflow,
  type WorkflowRequest,
  workflowRequestSchema,
} from './definition/workflow-request.ts';
export { type ActionNode, effectivePolicy, timeoutMsOf, type WorkflowVersion } from './definition/workflow-version.ts';
export { type CausationView, type EventView, leadIdOf, leadOf } from './event-view.ts';
export { type Checked, check, type Fault, type FaultPath, formatPath } from './fault.ts';
export { isDeeperThan, isJsonObject, isWellFormed, type Json, type JsonObject, sameJson } from './json.ts';
export { progressOf } from './progress.ts';
export type { HiddenFields } from './redaction/hidden-fields.ts';
export { mask } from './redaction/mask.ts';
export { compileRedaction, type Redact, type RedactableEntry, type Redaction, type RedactionSettings } from './redaction/redaction.ts';
export {
  completeRetryPolicy,
  defaultRetryPolicy,
  type RetryPolicy,
  type RetryPolicyRequest,
  retryDelayMs,
  retryPolicySchema,
} from './retry-policy.ts';
export { localDayAt } from './schedules/local-day.ts';
export { isTimezone } from './schedules/local-time.ts';
export {
  type DaylightSaving,
  nextOccurrence,
  type OccurrenceWindow,
  type ParsedSchedule,
  parseSchedule,
  type Schedule,
} from './schedules/schedule.ts';
export { daysOf, type LocalDay, type Period, periodOf } from './tasks/report-period.ts';
export { findRunnableType, type TaskActionType, taskActions } from './tasks/task-actions.ts';
export { isTaskType, type ScheduledTaskType, scheduledTaskTypes, type TaskConfigOf } from './tasks/task-config.ts';
export { entityTypeOf, taskEntityOf } from './tasks/task-entity.ts';
export { createTaskVersion, taskActionId } from './tasks/task-version.ts';
export {
  type CompiledConfig,
  checkTemplates,
  compileConfig,
  type MissingValue,
  type RenderResult,
  type SecretReference,
} from './templates/config-template.ts';
export { createScope, type ScopeParts, type TemplateScope } from './templates/scope.ts';
export { isTemplate, parseTemplate, type Template, TemplateError, type TemplateResult } from './templates/template.ts';
export {
  type CompiledTrigger,
  compileTrigger,
  listensTo,
  matchTrigger,
  type Trigger,
  type TriggerEventType,
  triggerConditions,
  triggerEventType,
} from './triggers/trigger.ts';
export { builtInEventTypes, eventNameSchema, type TriggerType, triggerConfigSchemas, triggerTypes } from './triggers/trigger-config.ts';
