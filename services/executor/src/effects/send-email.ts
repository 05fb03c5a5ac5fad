import { createHash } from 'node:crypto';
import { RetryableError, TerminalError } from '@millrace/runtime';
import type { ActionInputOf } from '@millrace/workflow';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { ActionSettings, Sender } from '../tenant-settings.ts';
import type { Effect } from './effect.ts';
import { networkError } from './no-answer.ts';

export interface EmailSettings {
  /** smtp://[user:password@]host:port */
  smtpUrl: string;
  /** The sender for tenants that have none of their own. */
  from: string;
  tenants: { get(tenantId: string): Promise<Pick<ActionSettings, 'senders'>> };
}

export interface EmailConnection {
  effect: Effect<ActionInputOf<'send_email'>>;
  host: string;
  /** More at once would wait for a connection while their time runs. */
  mostAtOnce: number;
  close(): void;
}

const connections = 10;

/** Sends mail over pooled SMTP connections. Message-ID derives from the action key, so that all attempts carry the same. */
export function connectEmail(settings: EmailSettings): EmailConnection {
  const transport = createTransport({
    url: settings.smtpUrl,
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0]);
  return {
    host: new URL(settings.smtpUrl).host,
    mostAtOnce: connections,
    close: () => transport.close(),
    effect: async ({ tenantId, input, actionKey, signal }) => {
      const from = senderOf((await settings.tenants.get(tenantId)).senders, input.from, settings.from);
      const messageId = `<${createHash('sha256').update(actionKey).digest('hex').slice(0, 32)}@millrace>`;
      const mail: SendMailOptions & { signal: AbortSignal } = {
        from,
        to: input.to,
        cc: input.cc,
        bcc: input.bcc,
        replyTo: input.reply_to,
        subject: input.subject,
        text: input.text,
        html: input.html,
        attachments: input.attachments?.map((attachment) => ({
          filename: attachment.filename,
          content: Buffer.from(attachment.content, 'base64'),
          contentType: attachment.content_type,
        })),
        messageId,
        headers: { 'X-Millrace-Action-Key': actionKey },
        signal,
      };
      try {
        const { rejected } = (await transport.sendMail(mail)) as { rejected?: string[] };
        return { message_id: messageId, ...(rejected === undefined || rejected.length === 0 ? {} : { rejected }) };
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

type Address = string | { address: string; name: string };

/** One of the tenant's senders, the first unless the action names one. TerminalError `sender_refused` for any other. */
function senderOf(senders: readonly Sender[], wanted: string | undefined, fallback: string): Address {
  const sender = wanted === undefined ? senders[0] : senders.find(({ address }) => address === wanted);
  if (sender !== undefined) return sender.name === null ? sender.address : { address: sender.address, name: sender.name };
  if (wanted === undefined) return fallback;
  throw new TerminalError('sender_refused', "Expected from to be one of the tenant's senders, but it is not");
}

/** Answers about the operator's credentials: no fault of the message. */
const aboutCredentials = new Set([530, 534, 535, 538]);

function translate(error: unknown): TerminalError | RetryableError {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  const unavailable = 'Expected the mail server to take the message, but it is not available';
  if (code === 'EAUTH' || code === 'ENOAUTH' || code === 'ETLS' || aboutCredentials.has(responseCode ?? 0)) {
    return new RetryableError('email_unavailable', unavailable, { cause: error });
  }
  if (responseCode !== undefined) {
    const message = `Expected the mail server to accept the message, but it answered ${responseCode}`;
    return responseCode >= 500
      ? new TerminalError('email_refused', message, { cause: error })
      : new RetryableError('email_unavailable', message, { cause: error });
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    return new TerminalError('email_refused', 'Expected a message that can be sent, but its addresses or content are invalid', {
      cause: error,
    });
  }
  return networkError('email_unavailable', unavailable, error);
}
