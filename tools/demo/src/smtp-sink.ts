import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  messageId: string;
  recipients: string[];
  subject: string;
  /** The part of the first recipient's domain before `.example`: the demo's leads have addresses in their tenant's own domain. */
  tenantId: string;
  /** Headers and body as they came. */
  source: string;
}

export interface SmtpSink extends AsyncDisposable {
  url: string;
  /** Every mail accepted, repeats included, in order; empty with `onMail`. */
  mails: ReceivedMail[];
}

/** Accepts every mail on 127.0.0.1 and delivers none. */
export async function startSmtpSink(options: { port?: number; onMail?: (mail: ReceivedMail) => void } = {}): Promise<SmtpSink> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 500,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const mail = readMail(
          Buffer.concat(chunks).toString('utf8'),
          session.envelope.rcptTo.map((recipient) => recipient.address),
        );
        if (options.onMail === undefined) mails.push(mail);
        else options.onMail(mail);
        callback(null);
      });
    },
  });
  // A client that is killed in the middle of a mail is no news to a sink.
  server.on('error', () => {});
  const listener = server.listen(options.port ?? 0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function readMail(text: string, recipients: string[]): ReceivedMail {
  const end = text.indexOf('\r\n\r\n');
  const head = (end < 0 ? text : text.slice(0, end)).replace(/\r\n[ \t]+/g, ' ');
  const domain = recipients[0]?.split('@')[1]?.toLowerCase() ?? '';
  return {
    messageId: readHeader(head, 'message-id').replace(/^<|>$/g, ''),
    recipients: recipients.map((recipient) => recipient.toLowerCase()),
    subject: readHeader(head, 'subject'),
    tenantId: domain.replace(/\.example$/, ''),
    source: text,
  };
}

function readHeader(head: string, name: string): string {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
}
