import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const createTask = defineAction({
  type: 'create_task',
  effect: 'topic',
  lead: 'default',
  schema: (fields) =>
    z.strictObject({
      title: fields.line(255),
      description: fields.text(10_000).nullish(),
      assigned_to_id: fields.id().nullish(),
      due_in: fields.duration().nullish(),
      priority: fields.line(32).nullish(),
      lead_id: fields.id().nullish(),
    }),
  documentation: {
    summary: 'Creates a task in the CRM.',
    fields: {
      title: 'One line of at most 255 characters.',
      description: 'What is to be done.',
      assigned_to_id: "A user's id; a number is taken as its text.",
      due_in: 'How long after the action it is due: an ISO 8601 duration such as P2D, or seconds.',
      priority: "One of the CRM's own priorities.",
      lead_id: "The lead that it is about; default: the event's.",
    },
    example: { title: 'Follow up', assigned_to_id: 1, due_in: 'P1D' },
  },
});
