import { hash32 } from '@millrace/messages';
import { type ActionInputOf, armAt } from '@millrace/workflow';
import type { EngineAction } from './engine-action.ts';

/** Sticky: the same action gives the same entity the same arm, as long as the weights stay. */
export const split: EngineAction<ActionInputOf<'split'>> = ({ input, node, version, entityType, entityId }) => {
  const point = hash32(`${version.id}/${node.id}\0${entityType}\0${entityId}`) / 2 ** 32;
  return { kind: 'arm', arm: armAt(input.arms, point) };
};
