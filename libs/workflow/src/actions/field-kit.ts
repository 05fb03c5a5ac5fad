import { z } from 'zod';
import { parseAddress, parsePhone } from '../address.ts';
import { parseDuration } from '../conditions/moment.ts';
import { describeValue, type Json } from '../json.ts';

/** The kinds of fields that action configs are made of, once for what is saved and once for what was rendered. */
export interface FieldKit {
  /** A text. Once rendered, a number or boolean is taken as its text. */
  text(maxLength: number): z.ZodType<string>;
  /** A text that goes into one line: line breaks and other control characters become blanks. */
  line(maxLength: number): z.ZodType<string>;
  /** An id of an entity; a number is taken as its text. */
  id(): z.ZodType<string>;
  /** Exactly one addr-spec. */
  address(): z.ZodType<string>;
  /** One addr-spec or a list of at most 50; answered as a list. */
  addresses(): z.ZodType<string[]>;
  /** An E.164 number. */
  phone(): z.ZodType<string>;
  /** An ISO 8601 duration, or seconds. Answered as a duration. */
  duration(): z.ZodType<string>;
  json(): z.ZodType<Json>;
}

export const maxAddresses = 50;

const seconds = z
  .number()
  .int()
  .min(0)
  .max(3_155_760_000)
  .transform((count) => `PT${count}S`);

const isoDuration = z.string().refine((text) => parseDuration(text) !== undefined, {
  error: ({ input }) => `Expected an ISO 8601 duration such as P2D or seconds, but got ${describeValue(input)}`,
  params: { code: 'invalid_duration' },
});

function createKit(textual: z.ZodType<string>): FieldKit {
  const sized = (maxLength: number) => textual.pipe(z.string().min(1).max(maxLength));
  const address = textual.transform((text, context) => {
    const parsed = parseAddress(text);
    if (parsed !== null) return parsed;
    context.issues.push({
      code: 'custom',
      input: text,
      message: 'Expected exactly one e-mail address such as user@example.com, but got another text',
      params: { code: 'invalid_address' },
    });
    return z.NEVER;
  });
  return {
    text: sized,
    line: (maxLength) =>
      textual.transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()).pipe(z.string().min(1).max(maxLength)),
    id: () =>
      z.union([z.string().trim().min(1).max(128), z.number().int().transform(String)], {
        error: ({ input }) => `Expected an id: a text or a whole number, but got ${describeValue(input)}`,
      }),
    address: () => address,
    addresses: () =>
      z
        .union([address, z.array(address).min(1).max(maxAddresses)], {
          error: ({ input }) => `Expected an e-mail address or a list of them, but got ${describeValue(input)}`,
        })
        .transform((value) => (typeof value === 'string' ? [value] : value)),
    phone: () =>
      textual.transform((text, context) => {
        const parsed = parsePhone(text);
        if (parsed !== null) return parsed;
        context.issues.push({
          code: 'custom',
          input: text,
          message: 'Expected an E.164 number such as +4930123456, but got another text',
          params: { code: 'invalid_phone' },
        });
        return z.NEVER;
      }),
    duration: () =>
      z.union([seconds, isoDuration], {
        error: ({ input }) => `Expected an ISO 8601 duration such as P2D or seconds, but got ${describeValue(input)}`,
      }),
    json: () => z.json() as z.ZodType<Json>,
  };
}

const scalarAsText = z.preprocess((value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value), z.string());

export const savedFields: FieldKit = createKit(z.string());
export const renderedFields: FieldKit = createKit(scalarAsText);
