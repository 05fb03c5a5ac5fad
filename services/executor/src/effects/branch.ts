import { type ActionInputOf, elseArm, evaluate } from '@millrace/workflow';
import type { EngineAction } from './engine-action.ts';

/** The first branch whose conditions are true; unknown isn't. */
export const branch: EngineAction<ActionInputOf<'branch'>> = ({ input, scope }) => {
  const arm = input.branches.find(({ conditions }) => evaluate(conditions, scope.conditions) === true)?.name ?? elseArm;
  return { kind: 'arm', arm };
};
