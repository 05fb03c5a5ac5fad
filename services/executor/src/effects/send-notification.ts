import type { ActionInputOf } from '@millrace/workflow';
import { type CrmEffects, crmEffect } from './crm-command.ts';

export const sendNotification = (crm: CrmEffects) =>
  crmEffect<ActionInputOf<'send_notification'>>(crm, (input) => ({
    'millrace.SendNotification': {
      user_id: input.user_id ?? null,
      role: input.role ?? null,
      title: input.title,
      body: input.body ?? null,
      link: input.link ?? null,
    },
  }));
