import { createHash } from 'node:crypto';
import { RetryableError, TerminalError } from '@millrace/runtime';
import type { ActionInputOf } from '@millrace/workflow';
import { createTransport } from 'nodemailer';
import type { Effect } from './effect.ts';

export interface EmailSettings {
  /** smtp://[user:password@]host:port */
  smtpUrl: string;
  /** The sender of actions that name none. */
  from: string;
}

/** Sends mail over pooled SMTP connections. Message-ID derives from the action key, so that all attempts carry the same. */
export function connectEmail(settings: EmailSettings): { effect: Effect<ActionInputOf<'send_email'>>; close(): void } {
  const transport = createTransport({
    url: settings.smtpUrl,
    pool: true,
    maxConnections: 10,
    maxMessages: Number.POSITIVE_INFINITY,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof createTransport>[0]);
  return {
    close: () => transport.close(),
    effect: async ({ input, actionKey, signal }) => {
      const messageId = `<${createHash('sha256').update(actionKey).digest('hex').slice(0, 32)}@millrace>`;
      try {
        await withAbort(
          transport.sendMail({
            from: input.from ?? settings.from,
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
          }),
          signal,
        );
        return { message_id: messageId };
      } catch (error) {
        throw translate(error);
      }
    },
  };
}

function withAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function translate(error: unknown): TerminalError | RetryableError {
  const { responseCode, code } = error as { responseCode?: number; code?: string };
  if (responseCode !== undefined && responseCode >= 500) {
    return new TerminalError('email_refused', `Expected the mail server to accept the message, but it answered ${responseCode}`, {
      cause: error,
    });
  }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    return new TerminalError('email_refused', 'Expected a message that can be sent, but its addresses or content are invalid', {
      cause: error,
    });
  }
  return new RetryableError('email_unavailable', 'Expected the mail server to take the message, but it is not available', { cause: error });
}
