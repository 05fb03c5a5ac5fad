import { parseMoment } from '@millrace/workflow';
import { z } from 'zod';

/** An ISO 8601 date and time as a parameter of a query. */
export const momentParameter = z
  .string()
  .refine((text) => parseMoment(text) !== undefined, 'Expected an ISO 8601 date and time, but got another text')
  .transform((text) => new Date(parseMoment(text) ?? 0));
