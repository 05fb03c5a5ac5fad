import { RetryableError, TerminalError } from '@millrace/runtime';
import type { ActionInputOf } from '@millrace/workflow';
import { Agent, request } from 'undici';
import { statusError } from '../http/answer-error.ts';
import type { Effect } from './effect.ts';

export interface SmsSettings {
  /** Base URL of a provider with Twilio's Messages API shape. */
  apiUrl: string;
  accountSid: string;
  authToken: string;
  from: string;
}

/** Sends a text through the operator's provider. The action key goes along as the idempotency token. */
export function connectSms(settings: SmsSettings): { effect: Effect<ActionInputOf<'send_sms'>>; close(): Promise<void> } {
  const agent = new Agent({ connections: 100, pipelining: 1 });
  const url = `${settings.apiUrl.replace(/\/$/, '')}/2010-04-01/Accounts/${encodeURIComponent(settings.accountSid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${settings.accountSid}:${settings.authToken}`).toString('base64')}`;
  return {
    close: () => agent.close(),
    effect: async ({ input, actionKey, signal }) => {
      try {
        const response = await request(url, {
          method: 'POST',
          dispatcher: agent,
          signal,
          headers: {
            authorization,
            'content-type': 'application/x-www-form-urlencoded',
            'idempotency-key': actionKey,
            'i-twilio-idempotency-token': actionKey,
          },
          body: new URLSearchParams({ To: input.to, From: settings.from, Body: input.body }).toString(),
        });
        const text = await response.body.text();
        if (response.statusCode < 300) return { sid: messageSid(text), status: response.statusCode };
        throw statusError('the SMS provider', response.statusCode, String(response.headers['retry-after'] ?? ''), Date.now());
      } catch (error) {
        if (error instanceof TerminalError || error instanceof RetryableError) throw error;
        throw new RetryableError('sms_unavailable', 'Expected an answer from the SMS provider, but there was none', { cause: error });
      }
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
