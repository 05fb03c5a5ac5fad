import type { ActionInputOf } from '@millrace/workflow';
import type { EngineAction } from './engine-action.ts';

export const exit: EngineAction<ActionInputOf<'exit'>> = ({ input: { status, reason } }) => ({
  kind: 'exit',
  status,
  reason: reason ?? null,
  input: null,
});
