import { z } from 'zod';
import { defineAction } from './define-action.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Scheme, host and port are fixed texts: a template begins behind them. */
const fixedOrigin = /^https?:\/\/[^/?#{}\s@\\]+(?:[/?#]|$)/i;
/** Set by the client itself, or about the connection. */
const reserved =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*|idempotency-key)$/i;

const originFault = 'Expected an http or https URL whose host is a fixed text without credentials, but got another text';

export const httpRequest = defineAction({
  type: 'http_request',
  effect: 'world',
  secretKeys: ['headers', 'body'],
  check: ({ url }) =>
    typeof url === 'string' && url.includes('{') && !fixedOrigin.test(url)
      ? [{ path: ['url'], code: 'invalid_url', message: originFault }]
      : [],
  schema: (fields) =>
    z.strictObject({
      method: z.enum(methods).default('POST'),
      url: z.string().max(4_096).regex(fixedOrigin, originFault),
      headers: z
        .record(
          z
            .string()
            .max(128)
            .regex(token, 'Expected the name of a header, but got another text')
            .refine((name) => !reserved.test(name), 'Expected a header that may be set, but this one is set by the client'),
          fields.line(8_192),
        )
        .default({}),
      body: fields.json().optional(),
      expected_statuses: z.array(z.number().int().min(100).max(599)).min(1).max(50).optional(),
    }),
  hides: { contents: ['input.body', 'output.body'], secretsIn: ['input.headers', 'input.body', 'output.body'] },
  documentation: {
    summary: 'Calls an HTTP endpoint, signed by Standard Webhooks. Private and otherwise special addresses are refused.',
    fields: {
      method: 'GET, POST (the default), PUT, PATCH, DELETE or HEAD.',
      url: 'http or https; values of templates are percent-encoded and can form neither scheme nor host.',
      headers: 'Names and values of one line each; `{{ secrets.name }}` is a secret, sent to the hosts named with it.',
      body: 'A text is sent as it is; any other value as JSON. `{{ secrets.name }}` as in headers.',
      expected_statuses: 'Statuses that count as success; default: 200 to 299.',
    },
    example: { url: 'https://example.com/hooks/leads/{{ lead.lead_id }}', body: { score: '{{ lead.lead_score }}' } },
  },
});
