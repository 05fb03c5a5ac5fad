import { z } from 'zod';
import { type Conditions, checkConditions } from '../conditions/condition-tree.ts';
import { parseDuration } from '../conditions/moment.ts';
import { reportAll } from '../definition/report.ts';
import { defineAction } from './define-action.ts';

export const timeoutArm = 'timeout';
const longestSeconds = 366 * 86_400;

const eventName = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_:.-]*$/, 'Expected an event name of letters, digits, _ : . and -, but got another text');

export const waitForEvent = defineAction({
  type: 'wait_for_event',
  effect: 'engine',
  untemplated: ['event_name', 'conditions'],
  arms: () => [{ name: timeoutArm, path: ['timeout_actions'] }],
  schema: (fields) =>
    z.strictObject({
      event_name: eventName,
      conditions: z
        .unknown()
        .superRefine((value, context) => reportAll(context, checkConditions(value, 'instance').faults))
        .transform((value) => (value ?? null) as Conditions | null)
        .optional(),
      timeout: fields.duration().refine((text) => (parseDuration(text)?.as('seconds') ?? 0) <= longestSeconds, {
        message: 'Expected a timeout of at most a year, but got a longer one',
        params: { code: 'too_big' },
      }),
      on_timeout: z.enum(['continue', 'fail']).default('continue'),
    }),
  documentation: {
    summary: "Waits for an event about the instance's entity. One that came since the start and was not used yet counts too.",
    fields: {
      event_name: 'An event type or the name of a custom event.',
      conditions: 'Asked of the awaited event; bare names, `previous.` and `event.` read it.',
      timeout: 'How long to wait: an ISO 8601 duration or seconds; at most a year.',
      on_timeout: 'continue (the default) or fail.',
      timeout_actions: 'Actions to run when it has timed out, before what follows.',
    },
    example: { event_name: 'task_completed', conditions: [{ field: 'outcome', operator: 'equals', value: 'won' }], timeout: 'P3D' },
  },
});
