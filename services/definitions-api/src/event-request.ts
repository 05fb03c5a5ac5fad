import { builtInEventTypes, type Checked, check, eventNameSchema, parseMoment } from '@millrace/workflow';
import { z } from 'zod';
import { documentedAs } from './documented-as.ts';

/** Ids are texts; a number is taken as its text. */
const id = z.union([z.string().min(1).max(128), z.number().int().transform(String)], 'Expected an id: a text or a whole number');
const text = z.string().max(10_000).nullish();
/** Of the years that ISO 8601 writes with four digits, whatever the offset. */
const [earliestMs, latestMs] = [Date.UTC(1000, 0), Date.UTC(10_000, 0) - 1];
const moment = z
  .string()
  .refine((value) => parseMoment(value) !== undefined, 'Expected an ISO 8601 date and time, but got another text')
  .transform((value) => parseMoment(value) ?? 0)
  .refine((ms) => ms >= earliestMs && ms <= latestMs, 'Expected a date of the years 1000 to 9999 in UTC, but got another');

const deepest = 32;

/** Fields that the CRM's schema doesn't know. */
const fieldsSchema = z
  .record(z.string().max(255), z.json())
  .refine((fields) => depthOf(fields) <= deepest, `Expected fields at most ${deepest} levels deep, but they go deeper`);

const leadSchema = z.strictObject({
  lead_id: id,
  first_name: text,
  last_name: text,
  email: text,
  phone: text,
  company: text,
  lead_status: text,
  lead_score: z.number().nullish(),
  source: text,
  owner_id: id.nullish(),
  tags: z.array(z.string().max(1_000)).max(1_000).optional(),
  custom: fieldsSchema.optional(),
});

const taskSchema = z.strictObject({
  task_id: id,
  lead_id: id,
  title: text,
  task_type: text,
  outcome: text,
  assigned_to_id: id.nullish(),
  completed_at: moment.nullish(),
  /** The task's lead as it is now. */
  lead: leadSchema.nullish(),
});

const completionSchema = z.strictObject({
  workflow_id: z.number().int().positive(),
  instance_id: z.string().max(64).default(''),
  status: z.enum(['completed', 'failed', 'cancelled']),
  reason: z.string().max(255).nullable().default(null),
});

const envelope = {
  /** Unique in the tenant: an event sent again with the same one starts nothing again. One is made where there is none. */
  event_id: z.string().min(1).max(128).optional(),
  /** The request's time unless given. */
  occurred_at: moment.optional(),
  source: z.string().max(255).default('api'),
  /** Of an import: the same for all its events. */
  bulk_id: z.string().min(1).max(128).nullable().default(null),
  /** What a CRM copies from the command that caused the event. */
  causation: z
    .strictObject({
      root_event_id: z.string().min(1).max(128),
      depth: z.number().int().min(0).max(1_000),
      workflow_ids: z.array(z.number().int().positive()).max(1_000),
    })
    .nullable()
    .default(null),
};

/** Of events about a lead; its id may be named here too. */
const leadEnvelope = { ...envelope, entity_type: z.literal('lead').default('lead'), entity_id: id.optional() };

const namesItsLead = ({ entity_id: entityId, data }: { entity_id?: string | undefined; data: { lead_id: string } }) =>
  entityId === undefined || entityId === data.lead_id;
const otherLead = { path: ['entity_id'], message: 'Expected the lead_id of the data, but got another id' };

const schemas = {
  lead_created: z
    .strictObject({
      event_type: z.literal('lead_created'),
      ...leadEnvelope,
      data: leadSchema,
      previous: leadSchema.partial().nullable().default(null),
    })
    .refine(namesItsLead, otherLead),
  lead_scored: z
    .strictObject({
      event_type: z.literal('lead_scored'),
      ...leadEnvelope,
      data: leadSchema,
      /** The record before the change; what it leaves out is as in `data`. */
      previous: leadSchema.partial().nullable().default(null),
    })
    .refine(namesItsLead, otherLead),
  task_completed: z
    .strictObject({
      event_type: z.literal('task_completed'),
      ...leadEnvelope,
      data: taskSchema,
      previous: taskSchema.partial().nullable().default(null),
    })
    .refine(namesItsLead, otherLead),
  workflow_completed: z.strictObject({
    event_type: z.literal('workflow_completed'),
    ...envelope,
    entity_type: z.string().min(1).max(64),
    entity_id: id,
    data: completionSchema,
    previous: z.null().default(null),
  }),
  custom: z.strictObject({
    event_type: eventNameSchema,
    ...envelope,
    entity_type: z.string().min(1).max(64),
    entity_id: id,
    data: fieldsSchema.default({}),
    previous: fieldsSchema.nullable().default(null),
  }),
};

export type LeadFields = z.output<typeof leadSchema>;
export type TaskFields = z.output<typeof taskSchema>;
export type CompletionFields = z.output<typeof completionSchema>;
export type EventRequest = z.output<(typeof schemas)[keyof typeof schemas]>;

const { workflow_completed: completion, ...ofTheCrm } = schemas;
const crmKinds = z.union(Object.values(ofTheCrm));
// The functions below are what checks events, each by the schema of its type.
export const eventSchema = documentedAs(z.looseObject({}), crmKinds);
/** An event in a list, where each is judged for itself. */
export const listedEventSchema = documentedAs(z.unknown(), eventSchema);
/** Of the CRM or of a workflow. */
export const anyEventSchema = documentedAs(z.looseObject({}), z.union([...crmKinds.options, completion]));

/** Checks an event that a CRM may send: lead_created, lead_scored, task_completed or a custom one. Every fault has its path. */
export function checkEvent(input: unknown): Checked<EventRequest> {
  if (eventTypeOf(input) !== 'workflow_completed') return checkAnyEvent(input);
  const message = 'Expected an event of the CRM, but workflow_completed comes from workflows alone';
  return { ok: false, errors: [{ path: 'event_type', code: 'invalid_value', message }] };
}

/** As `checkEvent`, also for what workflows themselves cause. */
export function checkAnyEvent(input: unknown): Checked<EventRequest> {
  const type = eventTypeOf(input);
  const name = builtInEventTypes.find((known) => known === type);
  return check(schemas[name ?? 'custom'] as z.ZodType<EventRequest>, input);
}

function eventTypeOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'event_type' in input ? input.event_type : undefined;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
