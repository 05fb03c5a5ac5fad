import type { DueTask } from '@millrace/db';
import { hash32 } from '@millrace/messages';
import { nextOccurrence, parseSchedule } from '@millrace/workflow';
import type { JitterOf, NextOccurrence } from './decide-occurrences.ts';

type Parsed = ReturnType<typeof parseSchedule>;

/** Many tasks have one of a few schedules, and each is read again at every occurrence. */
const parsedByText = new Map<string, Parsed>();
const mostParsed = 1_000;

/** Throws where the schedule can't be read; its message is the state's reason. */
export function nextOccurrenceOf({ schedule: expression, timezone, dst }: DueTask): NextOccurrence {
  const parsed = parse(expression, timezone, dst);
  if (!parsed.ok) throw new Error(parsed.message);
  return (afterMs) => nextOccurrence(parsed.schedule, afterMs);
}

/** A share of the task's jitter that follows from the occurrence, so that two schedulers take it up at the same time. */
export function jitterOf({ id, jitterSeconds }: DueTask): JitterOf {
  return (dueMs) => (jitterSeconds === 0 ? 0 : hash32(`${id}@${dueMs}`) % (jitterSeconds * 1_000 + 1));
}

function parse(expression: string, timezone: string, dst: string | null): Parsed {
  const text = JSON.stringify([expression, timezone, dst]);
  const known = parsedByText.get(text);
  if (known !== undefined) return known;
  const parsed = parseSchedule(expression, timezone, dst === null ? null : JSON.parse(dst));
  if (parsedByText.size >= mostParsed) parsedByText.clear();
  parsedByText.set(text, parsed);
  return parsed;
}
