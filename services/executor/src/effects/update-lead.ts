import type { ActionInputOf } from '@millrace/workflow';
import { type CrmEffects, crmEffect } from './crm-command.ts';

export const updateLead = (crm: CrmEffects) =>
  crmEffect<ActionInputOf<'update_lead'>>(crm, (input) => ({
    'millrace.UpdateLead': { lead_id: input.lead_id, fields: JSON.stringify(input.fields) },
  }));
