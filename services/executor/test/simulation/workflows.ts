import { type ActionNode, type WorkflowVersion, waitedEvents } from '@millrace/workflow';
import { anAction, aVersion, inArm } from '../instance-builders.ts';
import { Random } from './random.ts';

/** The event that matching workflows wait for, beside what starts them. */
export const answer = 'invoice.paid';
/** What workflows emit; some are started by it. */
export const chained = 'lead.won';

/** How many definitions there are: each seed takes some. */
export const definitions = 48;

/** A workflow's actions, the same for the same number: so that templates are compiled once. */
export function actionsOf(definition: number): ActionNode[] {
  const random = new Random(7_000 + definition);
  const nodes: ActionNode[] = [];
  addList(random, nodes, null, null, random.between(1, 4), 0);
  return nodes;
}

/** A version of a workflow: each changes something, but what it keeps has the ids that it had. */
export function versionOf(
  workflowId: number,
  version: number,
  definition: number,
  overrides: Partial<WorkflowVersion> = {},
): WorkflowVersion {
  const actions = changed(actionsOf(definition), version % 3);
  return aVersion(actions, { id: workflowId, version, waits_for: [...new Set(waitedEvents(actions))], ...overrides });
}

function changed(nodes: readonly ActionNode[], change: number): ActionNode[] {
  if (change === 2) return [...nodes, anAction({ id: 90, action_type: 'add_tag', action_config: { lead_id: 'lead-1', tag: 'new' } })];
  if (change === 1) return [...nodes];
  const last = nodes.findLast(({ parent_id: parent }) => parent === null);
  return nodes.filter(({ id }) => last === undefined || id < last.id);
}

function addList(random: Random, into: ActionNode[], parentId: number | null, arm: string | null, count: number, depth: number): void {
  for (let each = 0; each < count; each += 1) {
    const id = into.length + 1;
    const node = (overrides: Partial<ActionNode>): ActionNode => {
      const full = { id, delay_seconds: random.chance(0.15) ? random.between(1, 12) : 0, ...overrides };
      const made = parentId === null ? anAction(full) : inArm(parentId, arm as string, full);
      into.push(made);
      return made;
    };
    const kind = random.next();
    if (kind < 0.42) node(call(random, into));
    else if (kind < 0.57) node({ action_type: 'add_tag', action_config: { lead_id: 'lead-1', tag: `tag-${id}` } });
    else if (kind < 0.62) node({ action_type: 'emit_event', action_config: { event_name: chained, data: { from: id } } });
    else if (kind < 0.69) node({ action_type: 'delay', action_config: { seconds: random.between(1, 20) }, delay_seconds: 0 });
    else if (kind < 0.74) node({ action_type: 'set_variable', action_config: { name: `v${id}`, value: `{{ now }}` } });
    else if (kind < 0.86 || depth > 1) addWait(random, into, node, depth);
    else if (kind < 0.93) addBranch(random, into, node, depth);
    else if (kind < 0.97) addSplit(random, into, node, depth);
    else node({ action_type: 'exit', action_config: { status: random.pick(['completed', 'failed', 'cancelled']), reason: 'enough' } });
  }
}

/** A call to the world, of which some read what came before, some may be made once only, and some time out. */
function call(random: Random, before: readonly ActionNode[]): Partial<ActionNode> {
  const last = before.at(-1);
  const reads = last !== undefined && random.chance(0.6);
  return {
    action_type: 'http_request',
    action_config: {
      url: `https://${random.pick(['a', 'b'])}.example/`,
      body: { instance: '{{ instance.id }}', now: '{{ now }}', ...(reads ? { last: `{{ actions.${last.name}.output | json }}` } : {}) },
    },
    at_most_once: random.chance(0.25),
    timeout_seconds: random.pick([1, 3, 6]),
    on_error: random.chance(0.7) ? 'continue' : 'fail',
    retry_policy: {
      max_attempts: random.between(1, 4),
      initial_interval_seconds: random.pick([0, 0.3, 2]),
      max_interval_seconds: 8,
      jitter: random.pick(['full', 'none']),
    },
  };
}

type AddNode = (overrides: Partial<ActionNode>) => ActionNode;

function addWait(random: Random, into: ActionNode[], node: AddNode, depth: number): void {
  const { id } = node({
    action_type: 'wait_for_event',
    action_config: {
      event_name: random.chance(0.8) ? answer : chained,
      timeout: random.pick([6, 25, 90]),
      on_timeout: random.chance(0.8) ? 'continue' : 'fail',
    },
  });
  if (random.chance(0.3)) addList(random, into, id, 'timeout', 1, depth + 1);
}

function addBranch(random: Random, into: ActionNode[], node: AddNode, depth: number): void {
  const { id } = node({
    action_type: 'branch',
    action_config: { branches: [{ name: 'hot', conditions: [{ field: 'lead_score', operator: 'greater_than', value: 50 }] }] },
  });
  addList(random, into, id, 'hot', random.between(1, 2), depth + 1);
  if (random.chance(0.5)) addList(random, into, id, 'else', 1, depth + 1);
}

function addSplit(random: Random, into: ActionNode[], node: AddNode, depth: number): void {
  const arms = ['a', 'b'].map((name) => ({ name, weight: 1 }));
  const { id } = node({ action_type: 'split', action_config: { arms } });
  for (const { name } of arms) addList(random, into, id, name, 1, depth + 1);
}
