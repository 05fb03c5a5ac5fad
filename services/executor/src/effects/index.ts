import type { Database } from '@millrace/db';
import { type ActionType, type TaskActionType, taskActions } from '@millrace/workflow';
import type { WorkflowStates } from '../workflow-states.ts';
import { addTag } from './add-tag.ts';
import { branch } from './branch.ts';
import { cleanup } from './cleanup.ts';
import { createTask } from './create-task.ts';
import type { CrmEffects } from './crm-command.ts';
import { delay } from './delay.ts';
import type { Effect } from './effect.ts';
import { emitEvent } from './emit-event.ts';
import type { EngineAction } from './engine-action.ts';
import { exit } from './exit.ts';
import { connectHttp, type HttpSettings } from './http-request.ts';
import { removeTag } from './remove-tag.ts';
import { report } from './report.ts';
import { connectEmail, type EmailSettings } from './send-email.ts';
import { sendNotification } from './send-notification.ts';
import { connectSms, type SmsSettings } from './send-sms.ts';
import { setVariable } from './set-variable.ts';
import { split } from './split.ts';
import { startWorkflow } from './start-workflow.ts';
import { updateLead } from './update-lead.ts';
import { waitForEvent } from './wait-for-event.ts';

/** What the engine itself does, by action type. */
export const engineActions = {
  branch,
  split,
  delay,
  wait_for_event: waitForEvent,
  set_variable: setVariable,
  exit,
} satisfies { [type in ActionType]?: EngineAction<never> };

/** What reports and cleanups go to. No host has such a name. */
const history = 'the history';
/** Each keeps a connection to the database that the engine lives from busy. */
const mostOnHistory = 2;

export type EngineActionType = keyof typeof engineActions;

/** Everything else: what leaves the process. */
export type Effects = Record<Exclude<ActionType, EngineActionType> | TaskActionType, Effect<never>>;

export interface ConnectedEffects extends AsyncDisposable {
  effects: Effects;
  /** The host that a call goes to; null where no cap is on it. */
  hostOf(actionType: string, input: Record<string, unknown>): string | null;
  /** Hosts that take a number of calls of their own at once. */
  mostAtOnceByHost: ReadonlyMap<string, number>;
}

/** Every action type's effect, with the connections that they share. */
export function connectEffects(settings: {
  crm: CrmEffects;
  email: EmailSettings;
  sms: SmsSettings;
  http: HttpSettings;
  states: WorkflowStates;
  database: Database;
  stopping: AbortSignal;
}): ConnectedEffects {
  const email = connectEmail(settings.email);
  const sms = connectSms(settings.sms);
  const http = connectHttp(settings.http);
  return {
    effects: {
      send_email: email.effect,
      send_sms: sms.effect,
      create_task: createTask(settings.crm),
      update_lead: updateLead(settings.crm),
      send_notification: sendNotification(settings.crm),
      add_tag: addTag(settings.crm),
      remove_tag: removeTag(settings.crm),
      http_request: http.effect,
      emit_event: emitEvent(settings.crm),
      start_workflow: startWorkflow({ ...settings.crm, states: settings.states, database: settings.database }),
      report: report({ database: settings.database, stopping: settings.stopping, email: email.effect }),
      cleanup: cleanup(settings),
    },
    hostOf: (actionType, input) => {
      if (actionType === 'send_sms') return sms.host;
      if (actionType === 'send_email') return email.host;
      if (Object.hasOwn(taskActions, actionType)) return history;
      return typeof input.url === 'string' ? (URL.parse(input.url)?.host ?? null) : null;
    },
    mostAtOnceByHost: new Map([
      [email.host, email.mostAtOnce],
      [history, mostOnHistory],
    ]),
    async [Symbol.asyncDispose]() {
      email.close();
      await sms.close();
      await http.close();
    },
  };
}
