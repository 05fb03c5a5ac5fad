import type { ActionInputOf } from '@millrace/workflow';
import { statusError } from '../http/answer-error.ts';
import { type Answer, GuardedClient } from '../http/guarded-client.ts';
import { createScrub, type Scrub } from '../http/scrub.ts';
import { signWebhook, webhookId } from '../http/webhook-signature.ts';
import type { Json } from '../instance/entries.ts';
import type { Secrets } from '../secrets.ts';
import type { Effect } from './effect.ts';

export interface HttpSettings {
  /** Origins that may be called whatever their addresses are. */
  allowed: readonly string[];
  /** `whsec_` and base64; undefined sends without a signature. */
  signingKey: string | undefined;
  secrets: Pick<Secrets, 'open'>;
}

const longestOutput = 16 * 1024;
const noValues: ReadonlyMap<string, string> = new Map();

/**
 * Calls an endpoint that the tenant chose, through the guarded client. The action key goes along as the idempotency key; secrets are put in
 * here, and taken out of whatever comes back.
 */
export function connectHttp({ allowed, signingKey, secrets: tenantSecrets }: HttpSettings): {
  effect: Effect<ActionInputOf<'http_request'>>;
  close(): Promise<void>;
} {
  const client = new GuardedClient(allowed);
  return {
    close: () => client.close(),
    effect: async ({ tenantId, input: kept, actionKey, signal, secrets }) => {
      const values = secrets === undefined ? noValues : await tenantSecrets.open(tenantId, secrets.names, kept.url);
      const input = (secrets?.reveal(values) ?? kept) as typeof kept;
      const scrub = createScrub(values.values());
      const body = bodyOf(input);
      const atMs = Date.now();
      const sending = client.send({
        method: input.method,
        url: input.url,
        body,
        signal,
        secret: { headers: changed(kept.headers, input.headers), body: body !== bodyOf(kept) },
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
      const answer = await sending.catch((error: unknown) => {
        throw scrub.error(error);
      });
      const isExpected = input.expected_statuses?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 300);
      if (!isExpected) {
        const code = `http_${answer.status}`;
        throw statusError(new URL(input.url).host, { refused: code, unavailable: code }, answer, atMs);
      }
      return { status: answer.status, body: parsed(answer, scrub) };
    },
  };
}

function changed(kept: Record<string, string>, sent: Record<string, string>): Set<string> {
  return new Set(Object.keys(sent).flatMap((name) => (sent[name] === kept[name] ? [] : [name.toLowerCase()])));
}

function bodyOf({ method, body }: ActionInputOf<'http_request'>): string | null {
  if (body === undefined || method === 'GET' || method === 'HEAD') return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** A JSON answer as its value, another as its text; what is longer than an output may be is cut. */
function parsed({ contentType, body: text }: Answer, scrub: Scrub): Json {
  if (text.length > longestOutput) {
    const clean = scrub.text(text);
    // The client may have cut it within a value.
    return clean.slice(0, Math.max(0, Math.min(longestOutput, clean.length - scrub.longest))).toWellFormed();
  }
  if (contentType === null || !/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType)) return scrub.text(text);
  try {
    return scrub.json(JSON.parse(text) as Json);
  } catch {
    return scrub.text(text);
  }
}
