import type { AddTagInput } from '@millrace/workflow';
import { type CrmEffects, crmEffect } from './crm-command.ts';

export const addTag = (crm: CrmEffects) =>
  crmEffect<AddTagInput>(crm, (input) => ({ 'millrace.AddTag': { lead_id: input.lead_id, tag: input.tag } }));
