import { busSettings } from '@millrace/bus';
import { databaseSettings, secretSettings } from '@millrace/db';
import { parseConfig } from '@millrace/runtime';
import { z } from 'zod';

const schema = z.object({
  ...busSettings,
  ...databaseSettings,
  ...secretSettings,
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(9_103),
  LOG_LEVEL: z.string().default('info'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).default('smtp://127.0.0.1:1025'),
  EMAIL_FROM: z.string().default('no-reply@millrace.localhost'),
  SMS_API_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:1080'),
  SMS_ACCOUNT_SID: z.string().default('millrace'),
  SMS_AUTH_TOKEN: z.string().default('millrace'),
  SMS_FROM: z.string().default('+15550000000'),
  /** Undecoded commands held in memory; partitions pause above it. */
  QUEUE_BYTES: z.coerce
    .number()
    .int()
    .min(1_048_576)
    .default(256 * 1024 * 1024),
  /** Calls to the world that run at once for one tenant. */
  TENANT_CONCURRENCY: z.coerce.number().int().min(1).default(200),
  /** Events a second that begin or reach instances of a tenant that hasn't set another number; a second's worth may come at once. */
  TENANT_EVENTS_PER_SECOND: z.coerce.number().int().min(1).default(1_000),
  /** Calls to one host that run at once. */
  HOST_CONCURRENCY: z.coerce.number().int().min(1).default(100),
  /** Most starts an hour of a workflow that can cause its own trigger, for one entity; 0 turns the guard off. */
  STARTS_PER_HOUR: z.coerce.number().int().min(0).default(100),
  /** How many days after its end an instance goes with its history, where its tenant doesn't say. */
  RETENTION_DAYS: z.coerce.number().int().min(8).max(36_500).default(90),
  /** How many days the table of dead letters keeps its rows: longer than the topics, which it is compared with. */
  DEAD_LETTER_DAYS: z.coerce.number().int().min(31).max(36_500).default(90),
  /** How long a stop may take where the database or the brokers are away; then the process ends with 1. */
  STOP_TIMEOUT_SECONDS: z.coerce.number().int().min(1).default(28),
  /** Origins such as http://127.0.0.1:9000 that http_request may call although their addresses are private; separated by commas. */
  HTTP_ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ''),
    )
    .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((origin) => new URL(origin).origin))),
  /** Signs http_request by Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes. Without one they go unsigned. */
  WEBHOOK_SIGNING_KEY: z.string().refine(isSigningKey, 'Expected whsec_ and base64 of 24 to 64 bytes, but got another text').optional(),
});

function isSigningKey(text: string): boolean {
  const key = Buffer.from(text.replace(/^whsec_/, ''), 'base64');
  return text === `whsec_${key.toString('base64')}` && key.length >= 24 && key.length <= 64;
}

export type Config = z.output<typeof schema>;

/** The executor's settings; one ConfigError names all that is wrong. */
export const readConfig = (env: Record<string, string | undefined> = process.env): Config => parseConfig(schema, env);
