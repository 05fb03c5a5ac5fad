import {
  actionRequestSchema,
  scheduledTaskRequestSchema,
  tenantSettingsSchema,
  triggerRequestSchema,
  workflowRequestSchema,
} from '@millrace/workflow';
import { z } from 'zod';
import { conditionsSchema, conditionTreeSchema } from '../answer-schema.ts';
import { apiKeyRequestSchema, apiKeySchema, newApiKeySchema } from '../api-keys.ts';
import { auditEntrySchema } from '../audit-list.ts';
import { eventSchema } from '../event-request.ts';
import { actionExecutionSchema, instanceDetailSchema, instanceSchema } from '../instance-view.ts';
import { problemSchema } from '../problem.ts';
import { scheduledTaskSchema } from '../scheduled-task-view.ts';
import { secretReplacementSchema, secretRequestSchema, secretSchema } from '../secrets.ts';
import { actionStatsSchema } from '../statistics/action-stats.ts';
import { tenantStatsSchema } from '../statistics/tenant-stats.ts';
import { workflowStatsSchema } from '../statistics/workflow-stats.ts';
import { templateRequestSchema } from '../templates/template-request.ts';
import { templateSchema } from '../templates/template-view.ts';
import { tenantSettingsAnswerSchema } from '../tenant-settings.ts';
import { triggerEvaluationSchema } from '../trigger-evaluation.ts';
import { actionSchema, triggerSchema, workflowSchema } from '../workflow-view.ts';

/** The schemas that stand by name in the OpenAPI document, and so in the clients generated from it. */
export const schemaNames = z.registry<{ id: string }>();

const names: [schema: z.ZodType, id: string][] = [
  [workflowRequestSchema, 'WorkflowRequest'],
  [triggerRequestSchema, 'TriggerRequest'],
  [actionRequestSchema, 'ActionRequest'],
  [workflowSchema, 'Workflow'],
  [triggerSchema, 'Trigger'],
  [actionSchema, 'Action'],
  [conditionsSchema, 'Conditions'],
  [conditionTreeSchema, 'ConditionTree'],
  [triggerEvaluationSchema, 'TriggerEvaluation'],
  [workflowStatsSchema, 'WorkflowStats'],
  [tenantStatsSchema, 'TenantStats'],
  [actionStatsSchema, 'ActionStats'],
  [instanceSchema, 'Instance'],
  [instanceDetailSchema, 'InstanceDetail'],
  [actionExecutionSchema, 'ActionExecution'],
  [scheduledTaskRequestSchema, 'ScheduledTaskRequest'],
  [scheduledTaskSchema, 'ScheduledTask'],
  [templateRequestSchema, 'WorkflowTemplateRequest'],
  [templateSchema, 'WorkflowTemplate'],
  [eventSchema, 'Event'],
  [secretRequestSchema, 'SecretRequest'],
  [secretReplacementSchema, 'SecretReplacement'],
  [secretSchema, 'Secret'],
  [apiKeyRequestSchema, 'ApiKeyRequest'],
  [apiKeySchema, 'ApiKey'],
  [newApiKeySchema, 'NewApiKey'],
  [tenantSettingsSchema, 'TenantSettingsRequest'],
  [tenantSettingsAnswerSchema, 'TenantSettings'],
  [auditEntrySchema, 'AuditEntry'],
  [problemSchema, 'Problem'],
];
for (const [schema, id] of names) schemaNames.add(schema, { id });
