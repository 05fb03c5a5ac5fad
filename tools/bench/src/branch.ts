import { besideW } from './beside-w.ts';
import { chainOf } from './workload.ts';

const actionsOfArm = 3;
const arm = (name: string, score: number) => ({
  name,
  conditions: [{ field: 'lead_score', operator: 'greater_than', value: score }],
  actions: chainOf(actionsOfArm, name),
});

/** A branch of three ways with three actions each; the last one is gone. Every action of the others has its row too, as skipped. */
export const branch = besideW('branch', 'a branch of three ways, three actions in each', {
  workflow: {
    name: 'Branch',
    enabled: true,
    triggers: [{ trigger_type: 'lead_created' }],
    actions: [
      {
        name: 'way',
        action_type: 'branch',
        action_config: { branches: [arm('hot', 1_000), arm('warm', 500)], else_actions: chainOf(actionsOfArm, 'cold') },
      },
    ],
  },
  actions: 1 + actionsOfArm,
  leaves: actionsOfArm,
  logRows: 4 + 3 * actionsOfArm,
});
