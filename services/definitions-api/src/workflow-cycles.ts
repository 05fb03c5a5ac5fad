import { listensTo, type TriggerEventType } from '@millrace/workflow';

/** What may start a workflow, and what it may start. */
export interface Links {
  workflowId: number;
  name: string;
  /** Workflows that its actions start. */
  starts: readonly number[];
  /** Custom events that its actions emit. */
  emits: readonly string[];
  /** Custom events that start it. */
  hears: readonly TriggerEventType[];
  /** Workflows whose end starts it; null: any. */
  follows: readonly (number | null)[];
}

/** Whether an instance of one workflow may cause one of another. */
export function mayCause(cause: Links, effect: Links): boolean {
  return (
    cause.starts.includes(effect.workflowId) ||
    effect.follows.some((workflowId) => workflowId === null || workflowId === cause.workflowId) ||
    cause.emits.some((name) => effect.hears.some((heard) => listensTo(heard, name)))
  );
}

/** The shortest way from a workflow back to itself, without it: empty where it may cause itself at once, null where there is none. */
export function findCycle(workflow: Links, others: readonly Links[]): Links[] | null {
  if (mayCause(workflow, workflow)) return [];
  if (!others.some((other) => mayCause(other, workflow))) return null;
  const waysTo = new Map<number, Links[]>([[workflow.workflowId, []]]);
  let reached: readonly Links[] = [workflow];
  while (reached.length > 0) {
    const next: Links[] = [];
    for (const cause of reached) {
      const way = waysTo.get(cause.workflowId) ?? [];
      for (const effect of others) {
        if (waysTo.has(effect.workflowId) || !mayCause(cause, effect)) continue;
        if (mayCause(effect, workflow)) return [...way, effect];
        waysTo.set(effect.workflowId, [...way, effect]);
        next.push(effect);
      }
    }
    reached = next;
  }
  return null;
}
