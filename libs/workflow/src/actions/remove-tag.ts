import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const removeTag = defineAction({
  type: 'remove_tag',
  effect: 'topic',
  lead: 'required',
  schema: (fields) => z.strictObject({ lead_id: fields.id(), tag: fields.line(128) }),
  documentation: {
    summary: 'Takes a tag off a lead; one that it lacks is no fault.',
    fields: { lead_id: "Default: the event's lead.", tag: 'One line of at most 128 characters.' },
    example: { tag: 'hot' },
  },
});
