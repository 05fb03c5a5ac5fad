import { type ActionInputOf, elseArm, evaluate } from '@millrace/workflow';
import { nodesOfOtherArms } from '../instance/walk.ts';
import type { EngineAction } from './engine-action.ts';

/** The first branch whose conditions are true; unknown isn't. */
export const branch: EngineAction<ActionInputOf<'branch'>> = ({ input, scope, node, version }) => {
  const arm = input.branches.find(({ conditions }) => evaluate(conditions, scope.conditions) === true)?.name ?? elseArm;
  return { kind: 'arm', arm, others: nodesOfOtherArms(version.actions, node.id, arm) };
};
