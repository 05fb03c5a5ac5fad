import { z } from 'zod';

/** A whole number as a parameter of a query. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'Expected a whole number, but got another text')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

/** The query of every list: `limit` ≤ 200, 50 unless said, and `offset` ≤ 10,000. */
export const pageParameters = {
  limit: wholeNumber(1, 200).prefault('50'),
  offset: wholeNumber(0, 10_000).prefault('0'),
};

/** The id of a row as a filter. */
export const rowIdParameter = wholeNumber(1, 999_999_999);

export const booleanParameter = z.enum(['true', 'false']).transform((text) => text === 'true');

export interface Page {
  limit: number;
  offset: number;
}

/** A page of a list that is in memory as a whole. */
export function pageOf<T>(all: readonly T[], { limit, offset }: Page) {
  return { items: all.slice(offset, offset + limit), total: all.length, limit, offset };
}

/** A page of a list as it is answered; `total` counts what the filters let through. */
export function listSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    total: z.number().int().min(0),
    limit: z.number().int(),
    offset: z.number().int(),
  });
}
