import { type SmsSink, startSmsSink } from './sms-sink.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

export interface ProviderSinks extends AsyncDisposable {
  /** null where SMTP_URL names a server of the user's. */
  smtp: SmtpSink | null;
  /** null where SMS_API_URL does. */
  sms: SmsSink | null;
  /** What the services need to find them. */
  env: Record<string, string>;
}

/** Sinks for mail and texts in this process, where the settings name no servers. */
export async function startProviderSinks(env: Record<string, string | undefined>, log?: (line: string) => void): Promise<ProviderSinks> {
  await using started = new AsyncDisposableStack();
  const smtp = env.SMTP_URL
    ? null
    : started.use(
        await startSmtpSink(
          log === undefined ? {} : { onMail: ({ recipients, subject }) => log(`mail to ${recipients.join(', ')}: ${subject}`) },
        ),
      );
  const sms = env.SMS_API_URL
    ? null
    : started.use(await startSmsSink(log === undefined ? {} : { onText: ({ to, body }) => log(`text to ${to}: ${body}`) }));
  const defaults: Record<string, string> = {
    EMAIL_FROM: 'millrace@demo.example',
    SMS_FROM: '+15550000000',
    SMS_ACCOUNT_SID: 'ACdemo',
    SMS_AUTH_TOKEN: 'demo',
  };
  const missing = Object.entries(defaults).filter(([name]) => !env[name]);
  const resources = started.move();
  return {
    smtp,
    sms,
    env: {
      ...Object.fromEntries(missing),
      SMTP_URL: env.SMTP_URL || (smtp?.url ?? ''),
      SMS_API_URL: env.SMS_API_URL || (sms?.url ?? ''),
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
