import type { ActionInputOf } from '@millrace/workflow';
import { type CrmEffects, crmEffect } from './crm-command.ts';

export const addTag = (crm: CrmEffects) =>
  crmEffect<ActionInputOf<'add_tag'>>(crm, (input) => ({ 'millrace.AddTag': { lead_id: input.lead_id, tag: input.tag } }));
