import type { CreateTaskInput } from '@millrace/workflow';
import { type CrmEffects, crmEffect } from './crm-command.ts';

export const createTask = (crm: CrmEffects) =>
  crmEffect<CreateTaskInput>(crm, (input, call) => ({
    'millrace.CreateTask': {
      lead_id: call.entityType === 'lead' ? call.entityId : null,
      title: input.title,
      description: input.description ?? null,
      assigned_to_id: input.assigned_to_id ?? null,
      due_at: input.due_in_seconds === undefined ? null : call.nowMs + input.due_in_seconds * 1_000,
      priority: input.priority ?? null,
    },
  }));
