import type { LocalFault } from '../fault.ts';
import type { ActionRequest } from './action-request.ts';

type Complete<A> = A & { name: string; order: number };

/** Gives orders and names to the actions that lack them: the next order after all above, `<action_type>_<order>`; answers them as they came. */
export function completeActions<A extends Pick<ActionRequest, 'action_type' | 'name' | 'order'>>(actions: readonly A[]): Complete<A>[] {
  let next = 0;
  return actions.map((action) => {
    const order = action.order ?? next;
    next = Math.max(next, order + 1);
    return { ...action, order, name: action.name ?? `${action.action_type}_${order}` };
  });
}

/** Faults of orders that occur twice in a list; the later one is named. */
export function checkOrders(actions: readonly Pick<ActionRequest, 'order'>[]): LocalFault[] {
  const seen = new Set<number>();
  return actions.flatMap(({ order }, index) => {
    if (order === undefined) return [];
    const isRepeated = seen.has(order);
    seen.add(order);
    return isRepeated
      ? [{ path: ['actions', index, 'order'], code: 'duplicate', message: `Expected each order once, but ${order} occurs again` }]
      : [];
  });
}

/** Faults of names that occur twice among all actions of a workflow, given ones and default ones. */
export function checkUniqueNames(actions: readonly { name: string }[]): LocalFault[] {
  const seen = new Set<string>();
  return actions.flatMap(({ name }, index) => {
    const isRepeated = seen.has(name);
    seen.add(name);
    const message = `Expected each action's name once in a workflow, but ${JSON.stringify(name)} occurs again`;
    return isRepeated ? [{ path: ['actions', index, 'name'], code: 'duplicate', message }] : [];
  });
}
