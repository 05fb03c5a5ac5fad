import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const sendNotification = defineAction({
  type: 'send_notification',
  effect: 'topic',
  addresses: { anyOf: ['user_id', 'role'] },
  schema: (fields) =>
    z
      .strictObject({
        user_id: fields.id().optional(),
        role: fields.line(64).optional(),
        title: fields.line(255),
        body: fields.text(10_000).nullish(),
        link: fields.line(2_048).nullish(),
      })
      .refine(({ user_id, role }) => (user_id === undefined) !== (role === undefined), {
        path: ['user_id'],
        message: 'Expected either user_id or role, but got both or neither',
        params: { code: 'required' },
        when: ({ value }) => typeof value === 'object' && value !== null,
      }),
  hides: { contents: ['input.body'] },
  documentation: {
    summary: 'Notifies a user, or all users of a role, inside the CRM.',
    fields: {
      user_id: "A user's id; a number is taken as its text. Either this or role.",
      role: 'A role: everyone who has it is notified.',
      title: 'One line of at most 255 characters.',
      body: 'The text.',
      link: 'Where a click leads.',
    },
    example: { user_id: '{{ lead.owner_id }}', title: 'Hot lead: {{ lead.first_name }}' },
  },
});
