import { compileRedaction } from '@millrace/workflow';
import { expect, test } from 'vitest';
import { now } from '../test/instance-builders.ts';
import type { Entry } from './instance/entries.ts';
import { redactEntries } from './redact-entries.ts';

const eventOf = (data: Record<string, string>) => ({
  ...{ event_id: 'e', event_type: 'custom', entity_type: 'lead', entity_id: 'l', occurred_at: new Date(now).toISOString(), source: '' },
  ...{ bulk_id: null, causation: null, previous: null, data },
});
const action = { action_id: 7, action_name: 'a', action_type: 'create_task', attempt: 1, duration_ms: 1, status: 'completed' as const };
const done = (seq: number, title: string): Entry => ({
  type: 'action_completed',
  seq,
  at: now,
  ...action,
  detail: { input: { title }, output: null },
});
const journal: Entry[] = [
  {
    ...{ type: 'instance_started', seq: 1, at: now, status: 'running' },
    detail: { event: eventOf({ email: 'ann@example.com' }), triggered_by: 'event', triggered_by_value: 'e', trigger_id: null, now },
  },
  done(2, 'Mail ann@example.com or bob@example.com'),
  done(3, 'Mail bob@example.com'),
  { type: 'event_received', seq: 4, at: now, detail: { event: eventOf({ email: 'bob@example.com' }) } },
  done(5, 'Mail bob@example.com'),
];
const redaction = compileRedaction({ fields: ['email'], actions: true });
const titles = (entries: Entry[]) => entries.map((entry) => (entry as { detail: { input?: { title: string } } }).detail.input?.title);

test('entries are told with what the journal before them hides', () => {
  expect(titles(redactEntries(redaction, journal, journal))).toEqual([undefined, '***', 'Mail bob@example.com', undefined, '***']);
});

test.each([1, 2, 3, 4, 5])('entries from %i on are the same whenever they are published, and however much has followed', (from) => {
  const whole = redactEntries(redaction, journal, journal);
  for (let to = from; to <= journal.length; to += 1) {
    for (let known = to; known <= journal.length; known += 1) {
      const part = redactEntries(redaction, journal.slice(0, known), journal.slice(from - 1, to));
      expect(JSON.stringify(part)).toBe(JSON.stringify(whole.slice(from - 1, to)));
    }
  }
});

test('the journal keeps what it holds', () => {
  const before = structuredClone(journal);
  redactEntries(redaction, journal, journal);
  expect(journal).toEqual(before);
});

test('nothing to publish is nothing', () => {
  expect(redactEntries(redaction, journal, [])).toEqual([]);
});
