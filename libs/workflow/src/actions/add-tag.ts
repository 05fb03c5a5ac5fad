import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const addTag = defineAction({
  type: 'add_tag',
  effect: 'topic',
  lead: 'required',
  schema: (fields) => z.strictObject({ lead_id: fields.id(), tag: fields.line(128) }),
  documentation: {
    summary: 'Puts a tag on a lead; one that it has already stays.',
    fields: { lead_id: "Default: the event's lead.", tag: 'One line of at most 128 characters.' },
    example: { tag: 'hot' },
  },
});
