import { z } from 'zod';
import { armNameSchema, conditionsSchema, reportRepeatedNames } from './arm-fields.ts';
import { defineAction } from './define-action.ts';

export const elseArm = 'else';

export const branch = defineAction({
  type: 'branch',
  effect: 'engine',
  gateway: true,
  untemplated: ['branches'],
  arms: ({ branches }) => [
    ...(Array.isArray(branches) ? branches : []).map((each, index) => ({
      name: String((each as { name?: unknown } | null)?.name),
      path: ['branches', index, 'actions'],
    })),
    { name: elseArm, path: ['else_actions'] },
  ],
  schema: () =>
    z.strictObject({
      branches: z
        .array(
          z.strictObject({
            name: armNameSchema.refine((name) => name !== elseArm, 'Expected another name than else, but got it'),
            conditions: conditionsSchema,
          }),
        )
        .min(1)
        .max(20)
        .superRefine(reportRepeatedNames),
    }),
  documentation: {
    summary: 'Runs the actions of the first branch whose conditions hold, else `else_actions`; conditions that are unknown do not hold.',
    fields: {
      branches: 'A list of {name, conditions, actions}, asked in order.',
      else_actions: 'The actions to run where no branch holds.',
    },
    example: {
      branches: [
        {
          name: 'hot',
          conditions: [{ field: 'lead_score', operator: 'greater_than_or_equal', value: 80 }],
          actions: [{ action_type: 'add_tag', action_config: { tag: 'hot' } }],
        },
      ],
      else_actions: [{ action_type: 'add_tag', action_config: { tag: 'nurture' } }],
    },
  },
});
