import { z } from 'zod';
import { defineAction } from './define-action.ts';
import { maxAddresses } from './field-kit.ts';

const maxAttachmentBytes = 128 * 1_024;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const bytesOf = (content: string): number => Math.floor((content.replace(/=+$/, '').length * 3) / 4);

export const sendEmail = defineAction({
  type: 'send_email',
  effect: 'world',
  addresses: { anyOf: ['to'], others: ['cc', 'bcc'] },
  schema: (fields) =>
    z
      .strictObject({
        to: fields.addresses(),
        cc: fields.addresses().optional(),
        bcc: fields.addresses().optional(),
        subject: fields.line(900),
        text: fields.text(200_000).optional(),
        html: fields.text(200_000).optional(),
        reply_to: fields.address().optional(),
        from: fields.address().optional(),
        attachments: z
          .array(
            z.strictObject({
              filename: fields.line(255),
              content_type: fields.line(127).optional(),
              content: z.string().regex(base64, 'Expected base64, but got another text'),
            }),
          )
          .max(20)
          .optional(),
      })
      .refine(({ text, html }) => text !== undefined || html !== undefined, {
        path: ['text'],
        message: 'Expected text or html, but got neither',
        params: { code: 'required' },
        when: ({ value }) => typeof value === 'object' && value !== null,
      })
      .refine(({ to, cc, bcc }) => to.length + (cc?.length ?? 0) + (bcc?.length ?? 0) <= maxAddresses, {
        path: ['to'],
        message: `Expected at most ${maxAddresses} addresses in all, but got more`,
        params: { code: 'too_big' },
      })
      .refine(({ attachments = [] }) => attachments.reduce((sum, { content }) => sum + bytesOf(content), 0) <= maxAttachmentBytes, {
        path: ['attachments'],
        message: 'Expected attachments of at most 128 KB together, but got more',
        params: { code: 'too_big' },
      }),
  hides: {
    contents: [
      'input.to',
      'input.cc',
      'input.bcc',
      'input.reply_to',
      'input.text',
      'input.html',
      'input.attachments.content',
      'output.rejected',
    ],
  },
  documentation: {
    summary: 'Sends an e-mail over SMTP.',
    fields: {
      to: 'One address or a list; to, cc and bcc hold at most 50 in all. Without one once rendered the action is skipped (no_address).',
      cc: 'One address or a list.',
      bcc: 'One address or a list; not shown to the others.',
      subject: 'One line.',
      text: 'The plain text. Text or html is required.',
      html: 'The HTML. Values of templates are escaped unless `| raw`.',
      reply_to: 'One address.',
      from: "One of the tenant's senders; default: the operator's.",
      attachments: 'Files in base64: filename, content_type, content; at most 128 KB together.',
    },
    example: { to: '{{ lead.email }}', subject: 'Welcome, {{ lead.first_name | default: "there" }}', text: 'Good to have you.' },
  },
});
