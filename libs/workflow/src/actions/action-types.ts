import { addTag } from './add-tag.ts';
import { branch } from './branch.ts';
import { createTask } from './create-task.ts';
import type { ActionDefinition } from './define-action.ts';
import { delay } from './delay.ts';
import { emitEvent } from './emit-event.ts';
import { exit } from './exit.ts';
import { httpRequest } from './http-request.ts';
import { removeTag } from './remove-tag.ts';
import { sendEmail } from './send-email.ts';
import { sendNotification } from './send-notification.ts';
import { sendSms } from './send-sms.ts';
import { setVariable } from './set-variable.ts';
import { split } from './split.ts';
import { startWorkflow } from './start-workflow.ts';
import { updateLead } from './update-lead.ts';
import { waitForEvent } from './wait-for-event.ts';

/** Every action type by its name. A new one is a file beside this and a line here, and its effect in the executor. */
export const actionTypes = {
  send_email: sendEmail,
  send_sms: sendSms,
  create_task: createTask,
  update_lead: updateLead,
  send_notification: sendNotification,
  add_tag: addTag,
  remove_tag: removeTag,
  http_request: httpRequest,
  emit_event: emitEvent,
  start_workflow: startWorkflow,
  branch,
  split,
  delay,
  wait_for_event: waitForEvent,
  set_variable: setVariable,
  exit,
};

export type ActionType = keyof typeof actionTypes;

/** What the effect of an action type receives. */
export type ActionInputOf<T extends ActionType> = (typeof actionTypes)[T] extends ActionDefinition<infer I> ? I : never;

export const actionTypeNames = Object.keys(actionTypes) as ActionType[];

/** The definition of a type by name; undefined for one that this version doesn't know. */
export function findActionType(name: unknown): ActionDefinition<unknown> | undefined {
  return typeof name === 'string' && Object.hasOwn(actionTypes, name) ? actionTypes[name as ActionType] : undefined;
}
