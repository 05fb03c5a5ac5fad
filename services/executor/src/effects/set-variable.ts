import type { ActionInputOf } from '@millrace/workflow';
import type { EngineAction } from './engine-action.ts';

export const setVariable: EngineAction<ActionInputOf<'set_variable'>> = ({ input: { name, value } }) => ({
  kind: 'completed',
  input: null,
  output: { name, value },
  durationMs: 0,
});
