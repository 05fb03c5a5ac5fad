import { parseJson, type WorkflowTemplate } from '@millrace/db';
import { z } from 'zod';
import { instant, jsonObject, rowId } from '../answer-schema.ts';
import { type TemplateParameter, templateParameterSchema } from './parameters.ts';
import { templateCategories } from './template-request.ts';

/** Who owns the templates that come with the product. No tenant can have this id. */
export const builtInTenant = '*';

/** A template as the API answers it. */
export const templateSchema = z.strictObject({
  id: rowId,
  name: z.string(),
  description: z.string().nullable(),
  category: z.enum(templateCategories),
  is_public: z.boolean(),
  /** It comes with the product and can't be changed. */
  is_built_in: z.boolean(),
  parameters: z.array(templateParameterSchema),
  definition: jsonObject,
  created_by: z.string().nullable(),
  created_at: instant,
  updated_at: instant,
});

export type TemplateView = z.input<typeof templateSchema>;

export function templateView(row: WorkflowTemplate): TemplateView {
  return {
    id: row.id,
    name: row.name,
    description: row.description ?? null,
    category: row.category as TemplateView['category'],
    is_public: row.isPublic,
    is_built_in: row.tenantId === builtInTenant,
    parameters: parseJson<TemplateParameter[]>(row.parameters),
    definition: parseJson<TemplateView['definition']>(row.definition),
    created_by: row.createdBy ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
