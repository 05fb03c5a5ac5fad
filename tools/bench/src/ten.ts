import { besideW } from './beside-w.ts';
import { chainOf } from './workload.ts';

const actions = 10;

/** Ten actions, each of which reads the one before. */
export const ten = besideW('ten', `${actions} actions, a commit after each`, {
  workflow: { name: 'Ten', enabled: true, triggers: [{ trigger_type: 'lead_created' }], actions: chainOf(actions, 'step') },
  actions,
  leaves: actions,
  logRows: actions + 2,
});
