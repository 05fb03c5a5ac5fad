import { check } from '@millrace/workflow';
import type { z } from 'zod';
import { invalid } from './problem.ts';

/** The parsed value, or a 422 that lists every fault with its path. */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const checked = check(schema, value);
  if (!checked.ok) throw invalid(checked.errors);
  return checked.value;
}
