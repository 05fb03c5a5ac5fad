import type { EventView, Json } from '@millrace/messages';
import type { IndexedTrigger } from '../definition.ts';
import { createReader, findGuard, keyOf } from './equality-guard.ts';

/** The triggers that one event type of one tenant may start; immutable, a change builds a new one. */
export interface Bucket {
  /** Calls `visit` with each trigger that the event's values don't rule out. */
  visitCandidates(event: EventView, visit: (trigger: IndexedTrigger) => void): void;
}

interface Field {
  read: (event: EventView) => Json | undefined;
  triggersByKey: Map<string, IndexedTrigger[]>;
}

/** Hashes triggers by the rarest of their equality predicates; those without one are candidates for every event. */
export function createBucket(triggers: Iterable<IndexedTrigger>): Bucket {
  const fields = new Map<string, Field>();
  const unguarded: IndexedTrigger[] = [];
  for (const trigger of triggers) {
    const guard = findGuard(trigger);
    if (guard === null) {
      unguarded.push(trigger);
      continue;
    }
    let field = fields.get(guard.field);
    if (field === undefined) {
      field = { read: createReader(guard.field), triggersByKey: new Map() };
      fields.set(guard.field, field);
    }
    for (const key of guard.keys) {
      const known = field.triggersByKey.get(key);
      if (known === undefined) field.triggersByKey.set(key, [trigger]);
      else known.push(trigger);
    }
  }
  const guarded = [...fields.values()];
  return {
    visitCandidates(event, visit) {
      for (const trigger of unguarded) visit(trigger);
      for (const { read, triggersByKey } of guarded) {
        const key = keyOf(read(event));
        const candidates = key === undefined ? undefined : triggersByKey.get(key);
        if (candidates !== undefined) for (const trigger of candidates) visit(trigger);
      }
    },
  };
}
