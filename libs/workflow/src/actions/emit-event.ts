import { z } from 'zod';
import { eventNameSchema } from '../triggers/trigger-config.ts';
import { defineAction } from './define-action.ts';

export const emitEvent = defineAction({
  type: 'emit_event',
  effect: 'topic',
  schema: (fields) =>
    z.strictObject({ event_name: eventNameSchema, data: z.record(z.string().min(1).max(128), fields.json()).default({}) }),
  documentation: {
    summary: 'Publishes a custom event about the same entity, which may start other workflows.',
    fields: { event_name: 'A custom event name.', data: "The event's fields." },
    example: { event_name: 'lead.qualified', data: { score: '{{ lead.lead_score }}' } },
  },
});
