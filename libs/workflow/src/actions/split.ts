import { z } from 'zod';
import { armNameSchema, reportRepeatedNames } from './arm-fields.ts';
import { defineAction } from './define-action.ts';

export const split = defineAction({
  type: 'split',
  effect: 'engine',
  gateway: true,
  untemplated: ['arms'],
  arms: ({ arms }) =>
    (Array.isArray(arms) ? arms : []).map((each, index) => ({
      name: String((each as { name?: unknown } | null)?.name),
      path: ['arms', index, 'actions'],
    })),
  schema: () =>
    z.strictObject({
      arms: z
        .array(z.strictObject({ name: armNameSchema, weight: z.number().min(0).max(1_000_000) }))
        .min(2)
        .max(20)
        .superRefine(reportRepeatedNames)
        .refine((arms) => arms.some(({ weight }) => weight > 0), {
          message: 'Expected a weight over 0, but every arm has 0',
          params: { code: 'no_weight' },
        }),
    }),
  documentation: {
    summary: 'An A/B split: runs the actions of one arm, chosen by weight; the same entity always gets the same arm.',
    fields: { arms: 'A list of {name, weight, actions}; an arm gets its weight of the sum of all weights.' },
    example: {
      arms: [
        { name: 'a', weight: 50, actions: [{ action_type: 'add_tag', action_config: { tag: 'variant-a' } }] },
        { name: 'b', weight: 50, actions: [] },
      ],
    },
  },
});

/** The arm at a point in [0, 1) of the weights laid end to end. */
export function armAt(arms: readonly { name: string; weight: number }[], point: number): string {
  const weighted = arms.filter(({ weight }) => weight > 0);
  let left = point * weighted.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight } of weighted) {
    left -= weight;
    if (left < 0) return name;
  }
  return weighted.at(-1)?.name as string;
}
