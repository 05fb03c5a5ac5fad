import type { JsonObject } from '../json.ts';

/** The entity that `lead_id` names is a `lead`; a name without `_id` is the type itself. */
export function entityTypeOf(triggeredBy: string): string {
  return triggeredBy.length > 3 && triggeredBy.endsWith('_id') ? triggeredBy.slice(0, -3) : triggeredBy;
}

/**
 * The record that a scheduled task's runs are about: the one that its config names (`triggered_by`, `triggered_by_value`), else the task
 * itself. All commands of the task go by it, so that what it does to a record keeps its order among all that is done to it.
 */
export function taskEntityOf(
  taskId: number,
  { triggered_by: by, triggered_by_value: value }: JsonObject,
): { entityType: string; entityId: string } {
  if (typeof by === 'string' && typeof value === 'string') return { entityType: entityTypeOf(by), entityId: value };
  return { entityType: 'scheduled_task', entityId: String(taskId) };
}
