import type { ActionType } from '@millrace/workflow';
import { addTag } from './add-tag.ts';
import { createTask } from './create-task.ts';
import type { CrmEffects } from './crm-command.ts';
import type { Effect } from './effect.ts';
import { removeTag } from './remove-tag.ts';
import { connectEmail, type EmailSettings } from './send-email.ts';
import { sendNotification } from './send-notification.ts';
import { connectSms, type SmsSettings } from './send-sms.ts';
import { updateLead } from './update-lead.ts';

export type Effects = Record<ActionType, Effect<never>>;

/** Every action type's effect, with the connections that they share. */
export function connectEffects(settings: {
  crm: CrmEffects;
  email: EmailSettings;
  sms: SmsSettings;
}): AsyncDisposable & { effects: Effects } {
  const email = connectEmail(settings.email);
  const sms = connectSms(settings.sms);
  return {
    effects: {
      send_email: email.effect,
      send_sms: sms.effect,
      create_task: createTask(settings.crm),
      update_lead: updateLead(settings.crm),
      send_notification: sendNotification(settings.crm),
      add_tag: addTag(settings.crm),
      remove_tag: removeTag(settings.crm),
    },
    async [Symbol.asyncDispose]() {
      email.close();
      await sms.close();
    },
  };
}
