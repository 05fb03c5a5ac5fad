import type { LocalFault } from '../fault.ts';
import type { ActionRequest } from './action-request.ts';

/** An action that has its name and order, as have those in its arms. */
export interface CompleteAction extends Omit<ActionRequest, 'arms'> {
  name: string;
  order: number;
  arms: { name: string; actions: CompleteAction[] }[];
}

/** A name of at most so many characters fits its column. */
const longestName = 128;

/**
 * Gives orders and names to the actions that lack them: the next order after all above, `<action_type>_<order>` with the way to it before
 * it in an arm; answers them as they came, each list for itself.
 */
export function completeActions(actions: readonly ActionRequest[], way = ''): CompleteAction[] {
  let next = 0;
  return actions.map(({ arms, ...action }) => {
    const order = action.order ?? next;
    next = Math.max(next, order + 1);
    const name = action.name ?? `${way}${action.action_type}_${order}`.slice(-longestName);
    const complete = arms.map((arm) => ({ name: arm.name, actions: byOrder(completeActions(arm.actions, `${name}_${arm.name}_`)) }));
    return { ...action, order, name, arms: complete };
  });
}

export function byOrder(actions: readonly CompleteAction[]): CompleteAction[] {
  return actions.toSorted((a, b) => a.order - b.order);
}

/** Faults of orders that occur twice in a list; the later one is named. */
export function checkOrders(actions: readonly { order?: number | undefined }[]): LocalFault[] {
  const seen = new Set<number>();
  return actions.flatMap((action, index) => {
    const order = action?.order;
    if (order === undefined) return [];
    const isRepeated = seen.has(order);
    seen.add(order);
    return isRepeated
      ? [{ path: [index, 'order'], code: 'duplicate', message: `Expected each order once, but ${order} occurs again` }]
      : [];
  });
}

/** Every action of a tree, each before those in its arms. */
export function flattenActions(actions: readonly CompleteAction[]): CompleteAction[] {
  return actions.flatMap((action) => [action, ...action.arms.flatMap((arm) => flattenActions(arm.actions))]);
}

/** Faults of names that occur twice among all actions of a workflow, given ones and default ones. */
export function checkUniqueNames(actions: readonly CompleteAction[]): LocalFault[] {
  const seen = new Set<string>();
  return actions.flatMap((action, index) =>
    flattenActions([action]).flatMap(({ name }) => {
      const isRepeated = seen.has(name);
      seen.add(name);
      const message = `Expected each action's name once in a workflow, but ${JSON.stringify(name)} occurs again`;
      return isRepeated ? [{ path: ['actions', index, ...(name === action.name ? ['name'] : [])], code: 'duplicate', message }] : [];
    }),
  );
}
