import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const updateLead = defineAction({
  type: 'update_lead',
  effect: 'topic',
  lead: 'required',
  schema: (fields) =>
    z.strictObject({
      lead_id: fields.id(),
      fields: z
        .record(z.string().min(1).max(128), fields.json())
        .refine((record) => Object.keys(record).length > 0, {
          message: 'Expected at least one field, but got none',
          params: { code: 'too_small' },
        })
        .refine((record) => Object.keys(record).length <= 100, {
          message: 'Expected at most 100 fields, but got more',
          params: { code: 'too_big' },
        }),
    }),
  documentation: {
    summary: "Sets fields of a lead. Null empties a field; what isn't named stays.",
    fields: { lead_id: "Default: the event's lead.", fields: 'An object of field names and values, at most 100.' },
    example: { fields: { lead_status: 'qualified', lead_score: '{{ lead.lead_score | plus: 10 }}' } },
  },
});
