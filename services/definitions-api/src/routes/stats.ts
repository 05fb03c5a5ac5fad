import { z } from 'zod';
import { wholeNumber } from '../pagination.ts';
import { defineRoute, type Route } from '../route.ts';
import { statParameters, statWindow } from '../statistics/stat-window.ts';
import { findTenantStats, tenantStatsSchema } from '../statistics/tenant-stats.ts';
import { findWorkflowStats, workflowStatsSchema } from '../statistics/workflow-stats.ts';
import { requireWorkflow } from '../workflow-repository.ts';

/** `/stats` and `/workflows/{id}/stats`: how instances and actions go. */
export const statsRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/stats',
    summary: "Count the tenant's instances by status, by workflow and over time",
    role: 'viewer',
    query: z.strictObject({ ...statParameters, top: wholeNumber(1, 100).prefault('10') }),
    answer: tenantStatsSchema,
    handle: async ({ query, state }, { now }) => ({ body: await findTenantStats(state.em, statWindow(query, now()), query.top) }),
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/stats',
    summary: 'Count the instances of a workflow by status, version and over time, and how its actions go',
    role: 'viewer',
    query: z.strictObject(statParameters),
    answer: workflowStatsSchema,
    handle: async ({ params, query, state }, { now }) => {
      const window = statWindow(query, now());
      await requireWorkflow(state.em, params.workflowId);
      return { body: await findWorkflowStats(state.em, params.workflowId, window) };
    },
  }),
];
