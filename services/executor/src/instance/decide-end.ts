import type { NewEntry } from './entries.ts';
import { type InstanceState, isFinished } from './state.ts';

/** Ends an instance. Actions that were begun and aren't finished, other than the one that ends it, are cancelled. */
export function decideEnd(
  state: InstanceState,
  status: 'completed' | 'failed' | 'cancelled',
  reason: string | null,
  atMs: number,
  endingActionId: number | null = null,
): NewEntry[] {
  const type = `instance_${status}` as const;
  const duration = state.startedAtMs === null ? {} : { duration_ms: Math.max(0, atMs - state.startedAtMs) };
  const open = [...state.actionById].filter(([id, action]) => id !== endingActionId && !isFinished(action));
  return [
    ...open.map(
      ([id, action]): NewEntry => ({
        type: 'action_cancelled',
        at: atMs,
        status: 'cancelled',
        action_id: id,
        action_name: action.name,
        action_type: action.type,
        reason: type,
      }),
    ),
    { type, at: atMs, status, ...(reason === null ? {} : { reason }), ...duration },
  ];
}
