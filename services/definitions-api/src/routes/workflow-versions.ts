import { z } from 'zod';
import { rowId } from '../answer-schema.ts';
import { diffDefinitions, differenceSchema } from '../definition-diff.ts';
import { listSchema, pageParameters, rowIdParameter } from '../pagination.ts';
import { defineRoute, type Route } from '../route.ts';
import { getDefinition, getVersion, listVersions, requestOf } from '../version-repository.ts';
import { versionSchema, versionSummary, versionSummarySchema, versionView } from '../version-view.ts';
import { changeOf, changeParameters } from '../workflow-change.ts';
import { editWorkflow } from '../workflow-changes.ts';
import { etagOf, workflowSchema } from '../workflow-view.ts';

/** `/workflows/{id}/versions`: what the workflow was, and making it that again. */
export const workflowVersionRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/versions',
    summary: 'List the versions of a workflow, the newest first',
    role: 'viewer',
    query: z.strictObject(pageParameters),
    answer: listSchema(versionSummarySchema),
    handle: async ({ params, query, state }) => {
      const [rows, total] = await listVersions(state.em, params.workflowId, query);
      return { body: { items: rows.map(versionSummary), total, ...query } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/versions/:version',
    summary: 'Read a version of a workflow',
    role: 'viewer',
    answer: versionSchema,
    handle: async ({ params, state }) => ({ body: versionView(await getVersion(state.em, params.workflowId, params.version)) }),
  }),
  defineRoute({
    method: 'get',
    path: '/workflows/:workflowId/versions/:version/diff',
    summary: 'Compare a version with another, by default the one before it',
    role: 'viewer',
    query: z.strictObject({ against: rowIdParameter.optional() }),
    answer: z.strictObject({
      version: rowId,
      /** What it is compared with; null: there was nothing before it. */
      against: rowId.nullable(),
      differences: z.array(differenceSchema),
    }),
    handle: async ({ params, query, state }) => {
      const { workflowId, version } = params;
      const after = await getDefinition(state.em, workflowId, version);
      const against = query.against ?? (version > 1 ? version - 1 : null);
      const before = against === null ? null : await getDefinition(state.em, workflowId, against);
      return { body: { version, against, differences: diffDefinitions(before, after) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workflows/:workflowId/versions/:version/restore',
    summary: 'Make a workflow what it was at a version, as a new version; whether it is enabled stays',
    role: 'editor',
    ifMatch: true,
    query: z.strictObject(changeParameters),
    answer: workflowSchema,
    handle: async (request, services) => {
      const { params, state } = request;
      const restored = requestOf(await getDefinition(state.em, params.workflowId, params.version));
      const change = changeOf(request, services);
      const workflow = await editWorkflow(
        state.em,
        params.workflowId,
        ({ enabled, on_disable }) => ({ ...restored, enabled, on_disable }),
        { ...change, note: change.note ?? `restored version ${params.version}` },
        { revives: true },
      );
      services.onDefinitionChanged();
      return { body: workflow, headers: { ETag: etagOf(workflow.version) } };
    },
  }),
];
