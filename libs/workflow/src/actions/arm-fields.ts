import { z } from 'zod';
import { type Conditions, checkConditions } from '../conditions/condition-tree.ts';
import { reportAll } from '../definition/report.ts';

/** Arms are named in logs and statistics. */
export const armNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^.[\]"'{}|%\p{Cc}]+$/u, 'Expected a name without . [ ] { } | % and quotes, but got another text');

/** A condition tree or list that a running instance asks. Passed on as it is: the compiled form is kept by the tree itself. */
export const conditionsSchema = z
  .unknown()
  .superRefine((value, context) => {
    if (value === undefined || value === null) {
      context.addIssue({ code: 'custom', message: 'Expected conditions, but got nothing', params: { code: 'required' } });
    }
    reportAll(context, checkConditions(value, 'instance').faults);
  })
  .transform((value) => value as Conditions);

export function reportRepeatedNames(arms: readonly { name: string }[], context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { name }] of arms.entries()) {
    if (seen.has(name)) {
      const message = `Expected each name once, but ${JSON.stringify(name)} occurs again`;
      reportAll(context, [{ path: [index, 'name'], code: 'duplicate', message }]);
    }
    seen.add(name);
  }
}
