import type { ActionInputOf } from '@millrace/workflow';
import { statusError } from '../http/answer-error.ts';
import { GuardedClient } from '../http/guarded-client.ts';
import { signWebhook, webhookId } from '../http/webhook-signature.ts';
import type { Json } from '../instance/entries.ts';
import type { Effect } from './effect.ts';

export interface HttpSettings {
  /** Origins that may be called whatever their addresses are. */
  allowed: readonly string[];
  /** `whsec_` and base64; undefined sends without a signature. */
  signingKey: string | undefined;
}

const longestOutput = 16 * 1024;

/** Calls an endpoint that the tenant chose, through the guarded client. The action key goes along as the idempotency key. */
export function connectHttp({ allowed, signingKey }: HttpSettings): {
  effect: Effect<ActionInputOf<'http_request'>>;
  close(): Promise<void>;
} {
  const client = new GuardedClient(allowed);
  return {
    close: () => client.close(),
    effect: async ({ input, actionKey, signal }) => {
      const body = bodyOf(input);
      const atMs = Date.now();
      const answer = await client.send({
        method: input.method,
        url: input.url,
        body,
        signal,
        headers: {
          'user-agent': 'Millrace',
          ...(typeof input.body === 'string' || body === null ? {} : { 'content-type': 'application/json' }),
          ...Object.fromEntries(Object.entries(input.headers).map(([name, value]) => [name.toLowerCase(), value])),
          'idempotency-key': actionKey,
          ...(signingKey === undefined
            ? { 'webhook-id': webhookId(actionKey) }
            : signWebhook(signingKey, webhookId(actionKey), atMs, body ?? '')),
        },
      });
      const isExpected = input.expected_statuses?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 300);
      if (!isExpected) {
        const code = `http_${answer.status}`;
        throw statusError(new URL(input.url).host, { refused: code, unavailable: code }, answer, atMs);
      }
      return { status: answer.status, body: parsed(answer.contentType, answer.body) };
    },
  };
}

function bodyOf({ method, body }: ActionInputOf<'http_request'>): string | null {
  if (body === undefined || method === 'GET' || method === 'HEAD') return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** A JSON answer as its value, another as its text; what is longer than an output may be is cut. */
function parsed(contentType: string | null, text: string): Json {
  if (text.length > longestOutput) return text.slice(0, longestOutput).toWellFormed();
  if (contentType === null || !/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
