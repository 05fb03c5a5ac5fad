import { z } from 'zod';
import { defineAction } from './define-action.ts';

/** Variables are read as `variables.<name>`. */
const nameSchema = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
    'Expected a name of letters, digits and _ that begins with none of the digits, but got another text',
  );

export const setVariable = defineAction({
  type: 'set_variable',
  effect: 'engine',
  schema: (fields) => z.strictObject({ name: nameSchema, value: fields.json() }),
  documentation: {
    summary: 'Sets a variable of the instance, for later templates and conditions.',
    fields: { name: 'Letters, digits and _; read as `variables.<name>`.', value: 'Any value; a lone template keeps its type.' },
    example: { name: 'greeting', value: 'Hello {{ lead.first_name | default: "there" }}' },
  },
});
