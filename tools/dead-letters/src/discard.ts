import { type Database, type DeadLetterFilter, discardDeadLetters, findDeadLetters } from '@millrace/db';
import type { Outcome } from './outcome.ts';
import { unknownIds } from './unknown-ids.ts';

const chunkSize = 500;

/** Marks letters that wait, in chunks that hold no lock for long. What is given up while this runs isn't among them. */
export async function discard(db: Database, filter: DeadLetterFilter): Promise<Outcome> {
  const nowMs = Date.now();
  const bounded = { ...filter, untilMs: Math.min(filter.untilMs ?? nowMs, nowMs) };
  const missing = await unknownIds(db, filter);
  const others = await notWaiting(db, filter);
  let discarded = 0;
  for (let chunk = chunkSize; chunk === chunkSize; discarded += chunk) {
    chunk = await discardDeadLetters(db.pool, bounded, nowMs, chunkSize);
  }
  return {
    json: { discarded, missing, not_waiting: others },
    lines: [
      ...missing.map((id) => `not discarded: ${id}: there is no such dead letter`),
      ...others.map(({ id, state }) => `left as it was: ${id} is ${state}`),
      `${discarded} discarded.`,
    ],
    hasFailed: missing.length > 0,
  };
}

async function notWaiting(db: Database, { ids = [] }: DeadLetterFilter): Promise<{ id: number; state: string }[]> {
  if (ids.length === 0) return [];
  const found = await findDeadLetters(db.pool, { ids, states: ['replayed', 'discarded'] }, { order: 'newest', limit: ids.length });
  return found.map(({ id, state }) => ({ id, state }));
}
