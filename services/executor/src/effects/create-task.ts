import { type ActionInputOf, addDuration } from '@millrace/workflow';
import { type CrmEffects, crmEffect } from './crm-command.ts';

export const createTask = (crm: CrmEffects) =>
  crmEffect<ActionInputOf<'create_task'>>(crm, (input, call) => ({
    'millrace.CreateTask': {
      lead_id: input.lead_id ?? null,
      title: input.title,
      description: input.description ?? null,
      assigned_to_id: input.assigned_to_id ?? null,
      due_at: input.due_in == null ? null : addDuration(call.nowMs, input.due_in),
      priority: input.priority ?? null,
    },
  }));
