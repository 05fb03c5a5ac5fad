import { z } from 'zod';

const score = z.number();
const name = z.string().trim().min(1).max(255);
/** Ids are texts; a number is taken as its text. */
const entityId = z.union([z.string().min(1).max(128), z.number().int().transform(String)]);

const ordered = (config: { min_score?: number | undefined; max_score?: number | undefined }): boolean =>
  config.min_score === undefined || config.max_score === undefined || config.min_score <= config.max_score;
const orderedFault = {
  path: ['max_score'],
  message: 'Expected max_score to be at least min_score, but it is less',
  params: { code: 'reversed_range' },
};

export const builtInEventTypes = ['lead_created', 'lead_scored', 'task_completed', 'workflow_completed'] as const;

const eventNamePattern = /^[A-Za-z0-9_][A-Za-z0-9_:.-]*(?:\.\*)?$/;

/** A custom event's own name: 1 to 128 of letters, digits, `_ : . -`, and none of the built-in ones. */
export const eventNameSchema = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_:.-]*$/, 'Expected an event name of letters, digits, _ : . and -, but got another text')
  .refine(
    (text) => !(builtInEventTypes as readonly string[]).includes(text),
    'Expected a custom event name, but got a built-in event type',
  );

/** What each trigger type's `trigger_config` may hold. */
export const triggerConfigSchemas = {
  lead_created: z
    .strictObject({ min_score: score.optional(), max_score: score.optional(), lead_status: name.optional(), source: name.optional() })
    .refine(ordered, orderedFault),
  lead_scored: z
    .strictObject({
      min_score: score.optional(),
      max_score: score.optional(),
      min_change: score.min(0).optional(),
      crossed_above: score.optional(),
      crossed_below: score.optional(),
    })
    .refine(ordered, orderedFault),
  task_completed: z.strictObject({ task_type: name.optional(), outcome: name.optional(), assigned_to_id: entityId.optional() }),
  custom: z.strictObject({
    event_name: z
      .string()
      .max(128)
      .regex(eventNamePattern, 'Expected an event name, or a prefix that ends in .*, but got another text')
      .refine(
        (text) => !(builtInEventTypes as readonly string[]).includes(text),
        'Expected a custom event name, but got a built-in event type',
      ),
  }),
  workflow_completed: z.strictObject({
    workflow_id: z.number().int().positive().optional(),
    status: z.enum(['completed', 'failed', 'cancelled']).optional(),
  }),
};

export type TriggerType = keyof typeof triggerConfigSchemas;

export const triggerTypes = Object.keys(triggerConfigSchemas) as TriggerType[];

export function isTriggerType(text: unknown): text is TriggerType {
  return typeof text === 'string' && Object.hasOwn(triggerConfigSchemas, text);
}
