import { createHash, createHmac } from 'node:crypto';

/** The message id of all attempts of an action: a hash, since an id may hold no dots. */
export function webhookId(actionKey: string): string {
  return `msg_${createHash('sha256').update(actionKey).digest('hex').slice(0, 32)}`;
}

/**
 * The headers of Standard Webhooks 1.0: HMAC-SHA256 over `<id>.<timestamp>.<body>`. `key` is `whsec_` and base64; `atMs` is the attempt's
 * own time, whole seconds count.
 */
export function signWebhook(key: string, id: string, atMs: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
