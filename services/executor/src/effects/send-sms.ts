import type { ActionInputOf } from '@millrace/workflow';
import { statusError } from '../http/answer-error.ts';
import { GuardedClient } from '../http/guarded-client.ts';
import type { Effect } from './effect.ts';

export interface SmsSettings {
  /** Base URL of a provider with Twilio's Messages API shape. */
  apiUrl: string;
  accountSid: string;
  authToken: string;
  from: string;
}

const codes = { refused: 'sms_refused', unavailable: 'sms_unavailable' };

/** Sends a text through the operator's provider. The action key goes along as the idempotency token. */
export function connectSms(settings: SmsSettings): { effect: Effect<ActionInputOf<'send_sms'>>; host: string; close(): Promise<void> } {
  const { origin, host } = new URL(settings.apiUrl);
  const client = new GuardedClient([origin]);
  const url = `${settings.apiUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${encodeURIComponent(settings.accountSid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')}`;
  return {
    host,
    close: () => client.close(),
    effect: async ({ input, actionKey, signal }) => {
      const answer = await client.send({
        method: 'POST',
        url,
        signal,
        headers: {
          authorization,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': actionKey,
          'i-twilio-idempotency-token': actionKey,
        },
        body: new URLSearchParams({ To: input.to, From: settings.from, Body: input.body }).toString(),
      });
      if (answer.status >= 300) throw statusError('the SMS provider', codes, answer, Date.now());
      return { sid: messageSid(answer.body), status: answer.status };
    },
  };
}

function messageSid(text: string): string | null {
  try {
    return (JSON.parse(text) as { sid?: string }).sid ?? null;
  } catch {
    return null;
  }
}
