import type { z } from 'zod';
import type { LocalFault } from '../fault.ts';

/** Reports faults of our own checks as zod issues, so that they come together with zod's. */
export function reportAll(context: z.core.$RefinementCtx, faults: readonly LocalFault[]): void {
  for (const { path, code, message } of faults) context.addIssue({ code: 'custom', path: [...path], message, params: { code } });
}
