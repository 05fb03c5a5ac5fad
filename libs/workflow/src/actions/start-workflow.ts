import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const startWorkflow = defineAction({
  type: 'start_workflow',
  effect: 'topic',
  schema: (fields) =>
    z.strictObject({
      workflow_id: z.number().int().positive(),
      additional_data: z.record(z.string().min(1).max(128), fields.json()).default({}),
    }),
  documentation: {
    summary: 'Starts another workflow of the tenant for the same entity; its conditions are not asked.',
    fields: { workflow_id: 'The id of the workflow.', additional_data: "The started instance's event data; default: none." },
    example: { workflow_id: 2, additional_data: { lead_score: '{{ lead.lead_score }}' } },
  },
});
