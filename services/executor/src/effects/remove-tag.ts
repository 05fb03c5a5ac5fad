import type { ActionInputOf } from '@millrace/workflow';
import { type CrmEffects, crmEffect } from './crm-command.ts';

export const removeTag = (crm: CrmEffects) =>
  crmEffect<ActionInputOf<'remove_tag'>>(crm, (input) => ({ 'millrace.RemoveTag': { lead_id: input.lead_id, tag: input.tag } }));
