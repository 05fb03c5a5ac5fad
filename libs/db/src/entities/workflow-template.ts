import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, rowId, tenantId } from './columns.ts';

const workflowTemplate = defineEntity({
  name: 'WorkflowTemplate',
  tableName: 'workflow_templates',
  properties: {
    id: rowId(),
    tenantId: tenantId(),
    name: p.string().length(255),
    description: p.text().columnType('text').nullable(),
    category: p.string().length(32),
    isPublic: p.boolean().default(false),
    definition: p.json<Record<string, unknown>>(),
    parameters: p.json<unknown>(),
    createdBy: p.string().length(128).nullable(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  uniques: [{ name: 'workflow_templates_tenant_name', properties: ['tenantId', 'name'] }],
  indexes: [
    { name: 'workflow_templates_category', properties: ['category'] },
    { name: 'workflow_templates_public', properties: ['isPublic'] },
  ],
  filters: {
    tenant: {
      name: 'tenant',
      cond: (args: Record<string, unknown>) => ({ tenantId: { $in: [args.tenantId, '*'] } }),
      default: true,
    },
  },
});
/** A predefined workflow; the built-in ones belong to the tenant `*` and are seen by all. */
export class WorkflowTemplate extends workflowTemplate.class {}
workflowTemplate.setClass(WorkflowTemplate);
