import type { JsonObject } from '@millrace/workflow';
import { z } from 'zod';
import { booleanParameter, listSchema, pageParameters } from '../pagination.ts';
import { invalid } from '../problem.ts';
import { requireReferences } from '../references.ts';
import { defineRoute, type Reply, type Route } from '../route.ts';
import { readParameters, type TemplateParameter } from '../templates/parameters.ts';
import { createTemplate, deleteTemplate, getTemplate, listTemplates, replaceTemplate } from '../templates/template-repository.ts';
import { instantiate, templateCategories, templateRequestSchema } from '../templates/template-request.ts';
import { type TemplateView, templateSchema, templateView } from '../templates/template-view.ts';
import { changeOf, changeParameters } from '../workflow-change.ts';
import { createWorkflow } from '../workflow-changes.ts';
import { etagOf, workflowSchema } from '../workflow-view.ts';

const instantiateRequestSchema = z.strictObject({
  /** The template's own unless given. */
  name: z.string().trim().min(1).max(255).optional(),
  description: z.string().max(10_000).nullish(),
  parameters: z.record(z.string(), z.json()).default({}),
});

/** `/workflow-templates`: workflows to start from, those of the product and those of the tenant. */
export const workflowTemplateRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/workflow-templates',
    summary: 'Create a template',
    role: 'editor',
    body: templateRequestSchema,
    status: 201,
    answer: templateSchema,
    handle: async ({ body, state }, { now }) => {
      const template = templateView(await createTemplate(state.em, state.identity, body, new Date(now())));
      const { headers } = tagged(template);
      return { body: template, headers: { ...headers, Location: `/api/v1/workflow-templates/${template.id}` } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflow-templates',
    summary: 'List templates by name, built-in ones too',
    role: 'viewer',
    query: z.strictObject({
      ...pageParameters,
      category: z.enum(templateCategories).optional(),
      built_in: booleanParameter.optional(),
    }),
    answer: listSchema(templateSchema),
    handle: async ({ query, state }) => {
      const { limit, offset, category, built_in: isBuiltIn } = query;
      const [rows, total] = await listTemplates(state.em, state.identity, { category, isBuiltIn }, { limit, offset });
      return { body: { items: rows.map(templateView), total, limit, offset } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workflow-templates/:templateId',
    summary: 'Read a template',
    role: 'viewer',
    answer: templateSchema,
    handle: async ({ params, state }) => tagged(templateView(await getTemplate(state.em, state.identity, params.templateId))),
  }),
  defineRoute({
    method: 'put',
    path: '/workflow-templates/:templateId',
    summary: 'Replace a template of the tenant’s own',
    role: 'editor',
    ifMatch: true,
    body: templateRequestSchema,
    answer: templateSchema,
    handle: async ({ params, body, state, header }, { now }) => {
      const change = { ifMatch: header('if-match'), at: new Date(now()) };
      return tagged(templateView(await replaceTemplate(state.em, state.identity, params.templateId, body, change)));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/workflow-templates/:templateId',
    summary: 'Delete a template of the tenant’s own; workflows made from it stay',
    role: 'editor',
    ifMatch: true,
    status: 204,
    handle: async ({ params, state, header }, { now }) => {
      await deleteTemplate(state.em, state.identity, params.templateId, { ifMatch: header('if-match'), at: new Date(now()) });
      return { body: undefined };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workflow-templates/:templateId/instantiate',
    summary: 'Make a workflow from a template; it is disabled until someone has looked at it',
    role: 'editor',
    query: z.strictObject(changeParameters),
    body: instantiateRequestSchema.prefault({}),
    status: 201,
    answer: workflowSchema,
    handle: async (request, services) => {
      const { params, body, state } = request;
      const template = templateView(await getTemplate(state.em, state.identity, params.templateId));
      const parameters = template.parameters as TemplateParameter[];
      const { values, faults } = readParameters(parameters, body.parameters);
      if (faults.length > 0) throw invalid(faults);
      await requireReferences(
        state.em,
        parameters
          .filter(({ name, type }) => type === 'workflow' && values[name] !== undefined)
          .map(({ name }) => ({ path: `parameters.${name}`, workflowId: Number(values[name]) })),
      );
      const description = body.description === undefined ? template.description : body.description;
      const made = instantiate(template.definition as JsonObject, values, { name: body.name ?? template.name, description });
      if ('faults' in made) throw invalid(made.faults);
      const change = changeOf(request, services);
      const workflow = await createWorkflow(state.em, state.identity.tenantId, made.workflow, {
        ...change,
        ifMatch: '',
        note: change.note ?? `from the template ${JSON.stringify(template.name)}`.slice(0, 500),
      });
      services.onDefinitionChanged();
      return { body: workflow, headers: { ETag: etagOf(workflow.version), Location: `/api/v1/workflows/${workflow.id}` } };
    },
  }),
];

function tagged(template: TemplateView): Reply<TemplateView> {
  return { body: template, headers: { ETag: etagOf(Date.parse(template.updated_at)) } };
}
