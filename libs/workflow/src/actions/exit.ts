import { z } from 'zod';
import { defineAction } from './define-action.ts';

export const exit = defineAction({
  type: 'exit',
  effect: 'engine',
  schema: (fields) =>
    z.strictObject({ status: z.enum(['completed', 'failed', 'cancelled']).default('completed'), reason: fields.line(255).nullish() }),
  documentation: {
    summary: 'Ends the instance; what follows is not run.',
    fields: { status: 'completed (the default), failed or cancelled.', reason: 'Why; one line.' },
    example: { status: 'completed', reason: 'The lead is a customer already' },
  },
});
