import { addTag } from './add-tag.ts';
import { createTask } from './create-task.ts';
import type { ActionDefinition } from './define-action.ts';
import { removeTag } from './remove-tag.ts';
import { sendEmail } from './send-email.ts';
import { sendNotification } from './send-notification.ts';
import { sendSms } from './send-sms.ts';
import { updateLead } from './update-lead.ts';

/** Every action type by its name. A new one is a file beside this and a line here, and its effect in the executor. */
export const actionTypes = {
  send_email: sendEmail,
  send_sms: sendSms,
  create_task: createTask,
  update_lead: updateLead,
  send_notification: sendNotification,
  add_tag: addTag,
  remove_tag: removeTag,
};

export type ActionType = keyof typeof actionTypes;

/** What the effect of an action type receives. */
export type ActionInputOf<T extends ActionType> = (typeof actionTypes)[T] extends ActionDefinition<infer I> ? I : never;

export const actionTypeNames = Object.keys(actionTypes) as ActionType[];

/** The definition of a type by name; undefined for one that this version doesn't know. */
export function findActionType(name: string): ActionDefinition<unknown> | undefined {
  return Object.hasOwn(actionTypes, name) ? actionTypes[name as ActionType] : undefined;
}
