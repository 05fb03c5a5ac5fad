import { z } from 'zod';
import { parseAddress } from '../address.ts';
import { isTimezone } from '../schedules/local-time.ts';

export interface TenantLimit {
  /** What a tenant has unless it sets another. */
  default: number;
  /** The most that it can set. */
  most: number;
}

/** What a tenant may use, by name. Work beyond a rate waits, it doesn't fail; beyond a number or a size it is refused. */
export const tenantLimits = {
  /** Workflows, deleted ones aside. */
  workflows: { default: 10_000, most: 100_000 },
  /** Actions of one workflow, nested ones included. */
  actions_per_workflow: { default: 100, most: 100 },
  /** Events that begin or reach its instances, in each executor process; 0 counts as 1. */
  events_per_second: { default: 1_000, most: 100_000 },
  /** Actions that run at once in each executor process. */
  concurrent_actions: { default: 200, most: 2_000 },
  emails_per_day: { default: 10_000, most: 1_000_000 },
  texts_per_day: { default: 1_000, most: 100_000 },
  /** Of one workflow's definition, as JSON. */
  definition_bytes: { default: 262_144, most: 262_144 },
} as const satisfies Record<string, TenantLimit>;

export type TenantLimitName = keyof typeof tenantLimits;
export type TenantLimits = Record<TenantLimitName, number>;

const names = Object.keys(tenantLimits) as TenantLimitName[];

const limitsSchema = z.strictObject(
  Object.fromEntries(
    names.map((name) => {
      const limit = tenantLimits[name];
      return [name, z.number().int().min(0).max(limit.most).default(limit.default)];
    }),
  ) as Record<TenantLimitName, z.ZodDefault<z.ZodNumber>>,
);

const addressSchema = z.string().transform((text, context) => {
  const address = parseAddress(text);
  if (address !== null) return address;
  context.addIssue({ code: 'custom', params: { code: 'invalid_address' }, message: 'Expected one e-mail address, but got another text' });
  return z.NEVER;
});

const lineSchema = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .refine((text) => !/\p{Cc}/u.test(text), { error: 'Expected a line of text, but it has control characters' });

const senderSchema = z.strictObject({ address: addressSchema, name: lineSchema.nullable().default(null) });

/** A field of events, inputs and outputs, by its name or dotted path. */
const fieldSchema = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+)*$/, 'Expected a dotted path such as "lead.email", but got another text')
  .max(255);

/** Longer than the topics keep their records: an event that comes again must find its instance. */
const fewestDays = 8;

const daysSchema = z.number().int().min(fewestDays).max(36_500).nullable().default(null);

/** What a tenant sets for itself: who its mail comes from (the first is the default), its zone, what its history hides, its limits. */
export const tenantSettingsSchema = z.strictObject({
  timezone: z
    .string()
    .refine(isTimezone, { error: 'Expected an IANA time zone, but got another text', params: { code: 'unknown_timezone' } })
    .default('UTC'),
  senders: z
    .array(senderSchema)
    .max(50)
    .refine((senders) => new Set(senders.map(({ address }) => address)).size === senders.length, {
      error: 'Expected each address once, but one comes twice',
      params: { code: 'duplicate' },
    })
    .default([]),
  redaction: z
    .strictObject({
      /** What the execution log hides by name: `email` anywhere, `lead.email` in a lead. */
      fields: z.array(fieldSchema).max(100).default([]),
      /** Whether it hides addresses and contents of mails, texts, notifications and calls. */
      actions: z.boolean().default(true),
    })
    .prefault({}),
  /** How many days after its end an instance goes with its history, by status; null: as the installation says. */
  retention: z.strictObject({ completed_days: daysSchema, failed_days: daysSchema, cancelled_days: daysSchema }).prefault({}),
  limits: limitsSchema.prefault({}),
});

export type TenantSettingsRequest = z.input<typeof tenantSettingsSchema>;
export type TenantSettings = z.output<typeof tenantSettingsSchema>;

/** What a tenant has that never set anything. */
export const defaultTenantSettings: TenantSettings = tenantSettingsSchema.parse({});
