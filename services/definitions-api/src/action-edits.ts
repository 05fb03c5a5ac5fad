import { type ActionRequest, type CompleteAction, completeActions, flattenActions, type WorkflowRequest } from '@millrace/workflow';
import { checkSameId, newHasNoId, tooMany } from './child-faults.ts';
import { type Fault, invalid, notFound } from './problem.ts';

const most = { actions: 100, depth: 8 };

/** A list in the tree of actions: the workflow's own, or an arm of an action. */
export interface ActionPlace {
  parentId: number | null;
  arm: string | null;
}

interface ActionList extends ActionPlace {
  actions: readonly CompleteAction[];
  /** What default names in it begin with. */
  way: string;
  /** 0 is the workflow's own list. */
  depth: number;
}

/** The workflow with one more action at a place, and that action's name; without an order it comes last there. */
export function addAction(
  workflow: WorkflowRequest,
  action: ActionRequest,
  place: ActionPlace,
): { workflow: WorkflowRequest; name: string } {
  if (action.id !== undefined) throw invalid([newHasNoId]);
  const list = findList(workflow.actions, place);
  const order = Math.max(-1, ...list.actions.map((sibling) => sibling.order)) + 1;
  const added = complete({ order, ...action }, list);
  checkFit(added, list, workflow.actions);
  return { workflow: { ...workflow, actions: withList(workflow.actions, place, [...list.actions, added]) }, name: added.name };
}

/**
 * The workflow with another action in the place of the one with this id. A name and an order that it doesn't say stay, as do the actions
 * of an arm for which it gives none.
 */
export function replaceAction(workflow: WorkflowRequest, id: number, action: ActionRequest, place: ActionPlace): WorkflowRequest {
  const { list, found } = findAction(workflow.actions, id);
  checkSameId(id, action);
  checkSamePlace(list, place);
  const given = complete({ name: found.name, order: found.order, ...action, id }, list);
  const arms = given.arms.map((arm) => (arm.actions.length > 0 ? arm : (found.arms.find(({ name }) => name === arm.name) ?? arm)));
  const siblings = list.actions.filter((each) => each.id !== id);
  const replaced = { ...given, arms };
  checkFit(replaced, { ...list, actions: siblings }, withList(workflow.actions, list, siblings));
  return { ...workflow, actions: withList(workflow.actions, list, [...siblings, replaced]) };
}

/** The workflow without an action and those in its arms. */
export function removeAction(workflow: WorkflowRequest, id: number): WorkflowRequest {
  const { list } = findAction(workflow.actions, id);
  const left = list.actions.filter((each) => each.id !== id);
  return { ...workflow, actions: withList(workflow.actions, list, left) };
}

function complete(action: ActionRequest, { way }: ActionList): CompleteAction {
  return completeActions([action], way)[0] as CompleteAction;
}

function listsOf(list: ActionList): ActionList[] {
  const below = list.actions.flatMap((action) =>
    action.arms.map((arm) => ({
      parentId: action.id ?? null,
      arm: arm.name,
      actions: arm.actions,
      way: `${action.name}_${arm.name}_`,
      depth: list.depth + 1,
    })),
  );
  return [list, ...below.flatMap(listsOf)];
}

const allLists = (actions: readonly CompleteAction[]) => listsOf({ parentId: null, arm: null, actions, way: '', depth: 0 });

function findAction(actions: readonly CompleteAction[], id: number): { list: ActionList; found: CompleteAction } {
  for (const list of allLists(actions)) {
    const found = list.actions.find((each) => each.id === id);
    if (found) return { list, found };
  }
  throw notFound();
}

function findList(actions: readonly CompleteAction[], { parentId, arm }: ActionPlace): ActionList {
  const below = allLists(actions).filter((list) => list.parentId === parentId);
  const list = below.find((each) => each.arm === arm);
  if (list) return list;
  if (parentId === null)
    throw invalid([{ path: 'parent_id', code: 'required', message: 'Expected parent_id beside arm, but got nothing' }]);
  if (below.length === 0) {
    const message = `Expected the id of an action of the workflow that has arms, but ${parentId} is none`;
    throw invalid([{ path: 'parent_id', code: 'unknown_id', message }]);
  }
  const names = below.map((each) => each.arm).join(', ');
  throw invalid([{ path: 'arm', code: 'unknown_arm', message: `Expected one of the action's arms, ${names}, but got another name` }]);
}

function withList(actions: readonly CompleteAction[], place: ActionPlace, replacement: readonly CompleteAction[]): CompleteAction[] {
  if (place.parentId === null) return replacement.toSorted((a, b) => a.order - b.order);
  return actions.map((action) => ({
    ...action,
    arms: action.arms.map((arm) => {
      if (action.id !== place.parentId) return { ...arm, actions: withList(arm.actions, place, replacement) };
      return arm.name === place.arm ? { ...arm, actions: replacement.toSorted((a, b) => a.order - b.order) } : arm;
    }),
  }));
}

/** Moving an action is for a PUT of its workflow. */
function checkSamePlace(list: ActionList, { parentId, arm }: ActionPlace): void {
  const faults: Fault[] = [];
  const message = 'Expected the place that the action has, or none, but got another';
  if (parentId !== null && parentId !== list.parentId) faults.push({ path: 'parent_id', code: 'moved', message });
  if (arm !== null && arm !== list.arm) faults.push({ path: 'arm', code: 'moved', message });
  if (faults.length > 0) throw invalid(faults);
}

/** Throws a 422 with what keeps an action from standing in a list beside the others of its workflow. */
function checkFit(action: CompleteAction, list: ActionList, others: readonly CompleteAction[]): void {
  const faults: Fault[] = [];
  if (list.actions.some(({ order }) => order === action.order)) {
    faults.push({ path: 'order', code: 'duplicate', message: `Expected an order that is free, but ${action.order} is another action's` });
  }
  const taken = new Set(flattenActions(others).map(({ name }) => name));
  for (const { name } of flattenActions([action])) {
    const message = `Expected each action's name once in a workflow, but ${JSON.stringify(name)} is another's`;
    if (taken.has(name)) faults.push({ path: name === action.name ? 'name' : 'action_config', code: 'duplicate', message });
    taken.add(name);
  }
  if (taken.size > most.actions) faults.push(tooMany('actions', most.actions));
  if (list.depth + heightOf(action) > most.depth) {
    faults.push({ path: '', code: 'too_deep', message: `Expected actions nested at most ${most.depth} deep, but they go deeper` });
  }
  if (faults.length > 0) throw invalid(faults);
}

/** How many lists lie below an action, one in the other. */
function heightOf({ arms }: CompleteAction): number {
  return Math.max(0, ...arms.map((arm) => (arm.actions.length === 0 ? 0 : 1 + Math.max(...arm.actions.map(heightOf)))));
}
