import type { ActionNode } from '@millrace/workflow';
import fc from 'fast-check';
import { anAction } from './instance-builders.ts';

interface Leaf {
  action_type: string;
  on_error: 'fail' | 'continue';
  delay_seconds: number;
  at_most_once: boolean;
}

interface Tree extends Leaf {
  arms: Record<string, Tree[]>;
}

const leafTypes = ['send_email', 'add_tag', 'set_variable', 'delay', 'exit'];
const armsByType: Record<string, string[]> = { branch: ['yes', 'no', 'else'], split: ['a', 'b'], wait_for_event: ['timeout'] };

const base = fc.record({
  on_error: fc.constantFrom('fail' as const, 'continue' as const),
  delay_seconds: fc.constantFrom(0, 0, 0, 60),
  at_most_once: fc.boolean(),
});

const { trees } = fc.letrec<{ tree: Tree; trees: Tree[] }>((tie) => ({
  trees: fc.array(tie('tree'), { maxLength: 4, depthIdentifier: 'tree', size: 'small' }),
  tree: fc.oneof(
    { depthIdentifier: 'tree', depthSize: 'small', withCrossShrink: true },
    fc.tuple(fc.constantFrom(...leafTypes), base).map(([action_type, rest]): Tree => ({ action_type, ...rest, arms: {} })),
    fc
      .tuple(fc.constantFrom(...Object.keys(armsByType)), base, fc.array(tie('trees'), { minLength: 3, maxLength: 3 }))
      .map(([action_type, rest, lists]): Tree => {
        const arms = Object.fromEntries((armsByType[action_type] as string[]).map((arm, index) => [arm, lists[index] ?? []]));
        return { action_type, ...rest, arms };
      }),
  ),
}));

/** The nodes of a workflow of every flow action, nested; ids from 1 in the order of the tree. */
export const treeArbitrary: fc.Arbitrary<ActionNode[]> = trees.map((list) => {
  const nodes: ActionNode[] = [];
  const add = (siblings: readonly Tree[], parentId: number | null, arm: string | null) => {
    for (const [order, { arms, ...fields }] of siblings.entries()) {
      const id = nodes.length + 1;
      const config = fields.action_type === 'wait_for_event' ? { event_name: `event_${id}` } : {};
      nodes.push(anAction({ ...fields, id, parent_id: parentId, arm, order, action_config: config }));
      for (const [name, children] of Object.entries(arms)) add(children, id, name);
    }
  };
  add(list, null, null);
  return nodes;
});
