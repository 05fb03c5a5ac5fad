import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const sendSms = defineAction({
  type: 'send_sms',
  effect: 'world',
  addresses: { anyOf: ['to'] },
  schema: (fields) => z.strictObject({ to: fields.phone(), body: fields.text(1_600) }),
  hides: { contents: ['input.to', 'input.body'] },
  documentation: {
    summary: "Sends a text message through the operator's SMS provider.",
    fields: {
      to: 'A number in E.164 form, such as +4930123456. Without one once rendered the action is skipped (no_address).',
      body: 'At most 1,600 characters.',
    },
    example: { to: '{{ lead.phone }}', body: 'Your appointment is confirmed.' },
  },
});
