import type { Route } from './route.ts';
import { actionRoutes } from './routes/actions.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { eventRoutes } from './routes/events.ts';
import { instanceRoutes } from './routes/instances.ts';
import { scheduledTaskRoutes } from './routes/scheduled-tasks.ts';
import { secretRoutes } from './routes/secrets.ts';
import { statsRoutes } from './routes/stats.ts';
import { tenantSettingsRoutes } from './routes/tenant-settings.ts';
import { triggerRoutes } from './routes/triggers.ts';
import { workflowCloneRoutes } from './routes/workflow-clone.ts';
import { workflowEvaluateRoutes } from './routes/workflow-evaluate.ts';
import { workflowTemplateRoutes } from './routes/workflow-templates.ts';
import { workflowTriggerRoutes } from './routes/workflow-trigger.ts';
import { workflowVersionRoutes } from './routes/workflow-versions.ts';
import { workflowRoutes } from './routes/workflows.ts';

/** Every endpoint of the API. A new one is an entry of a file in routes/. */
export const routes: readonly Route[] = [
  ...workflowRoutes,
  ...triggerRoutes,
  ...actionRoutes,
  ...workflowTriggerRoutes,
  ...workflowEvaluateRoutes,
  ...workflowVersionRoutes,
  ...workflowCloneRoutes,
  ...workflowTemplateRoutes,
  ...instanceRoutes,
  ...statsRoutes,
  ...scheduledTaskRoutes,
  ...eventRoutes,
  ...secretRoutes,
  ...apiKeyRoutes,
  ...tenantSettingsRoutes,
  ...auditRoutes,
];
