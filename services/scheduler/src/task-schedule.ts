import type { DueTask } from '@millrace/db';
import { hash32 } from '@millrace/messages';
import { nextOccurrence, parseSchedule } from '@millrace/workflow';
import type { JitterOf, NextOccurrence } from './decide-occurrences.ts';

/** Throws where the schedule can't be read; its message is the state's reason. */
export function nextOccurrenceOf({ schedule: expression, timezone, dst }: DueTask): NextOccurrence {
  const parsed = parseSchedule(expression, timezone, dst === null ? null : JSON.parse(dst));
  if (!parsed.ok) throw new Error(parsed.message);
  return (afterMs) => nextOccurrence(parsed.schedule, afterMs);
}

/** A share of the task's jitter that follows from the occurrence, so that two schedulers take it up at the same time. */
export function jitterOf({ id, jitterSeconds }: DueTask): JitterOf {
  return (dueMs) => (jitterSeconds === 0 ? 0 : hash32(`${id}@${dueMs}`) % (jitterSeconds * 1_000 + 1));
}
