import type { EventView } from '../event-view.ts';
import type { Json } from '../json.ts';

/** What a condition may read. `actions`, `variables` and `instance` exist only inside a running instance. */
export interface ConditionContext {
  data: Record<string, Json>;
  previous: Record<string, Json> | null;
  event: EventView;
  actions?: Record<string, Json>;
  variables?: Record<string, Json>;
  instance?: Record<string, Json>;
  nowMs: number;
}

/** True, false, or unknown as in SQL: the question makes no sense for the value that is there. */
export type Verdict = true | false | 'unknown';

/** The context of a trigger's conditions: the event alone. */
export function createTriggerContext(event: EventView, nowMs: number): ConditionContext {
  return { data: event.data, previous: event.previous, event, nowMs };
}
