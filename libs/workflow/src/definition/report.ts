import type { z } from 'zod';
import type { LocalFault } from '../fault.ts';
import { isJsonObject } from '../json.ts';

/** For checks that are to run beside zod's own faults: they see what was parsed so far, of which any part may have the wrong type. */
export function isObjectValue({ value }: { value: unknown }): boolean {
  return isJsonObject(value);
}

/** Reports faults of our own checks as zod issues, so that they come together with zod's. */
export function reportAll(context: z.core.$RefinementCtx, faults: readonly LocalFault[]): void {
  for (const { path, code, message } of faults) context.addIssue({ code: 'custom', path: [...path], message, params: { code } });
}
