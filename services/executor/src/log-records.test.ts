import { deserialize, serialize } from 'node:v8';
import type { Codec, ExecutionLog, Topic } from '@millrace/messages';
import { topics } from '@millrace/messages';
import { expect, test } from 'vitest';
import { now } from '../test/instance-builders.ts';
import type { Entry, Json } from './instance/entries.ts';
import { createLogRecords } from './log-records.ts';

/** Values as they are: what Avro makes of them is the codec's own affair. */
const codec = { encode: (_: Topic<unknown>, value: unknown) => serialize(value) } as Codec;
const row = {
  id: '0'.repeat(32),
  tenantId: 'acme',
  workflowId: 7,
  workflowVersion: 2,
  entityType: 'lead',
  entityId: 'lead-1',
  scheduledTaskId: null,
  scheduledForMs: null,
} as Parameters<typeof createLogRecords>[1];

const done = (seq: number, output: Json, input: Json = null): Entry => ({
  type: 'action_completed',
  seq,
  at: now,
  status: 'completed',
  action_id: seq,
  action_name: `action_${seq}`,
  action_type: 'send_email',
  attempt: 1,
  duration_ms: 3,
  detail: { input, output },
});

async function recordsOf(entries: readonly Entry[], traceparent?: string) {
  const records = await createLogRecords(codec, row, entries, traceparent);
  return records.map((record) => ({ record, log: deserialize(record.value as Buffer) as ExecutionLog }));
}

const detailOf = async (entry: Entry) => JSON.parse((await recordsOf([entry]))[0]?.log.entries[0]?.detail as string);

test('entries of one flush are one record, with the instance’s header, on the partition of its entity', async () => {
  const [first, ...others] = await recordsOf([done(1, { a: 1 }), done(2, null)], '00-trace-span-01');
  expect(others).toEqual([]);
  expect(first?.record).toMatchObject({
    topic: topics.executionLog,
    tenantId: 'acme',
    entityType: 'lead',
    entityId: 'lead-1',
    headers: { traceparent: '00-trace-span-01' },
  });
  expect(first?.log).toMatchObject({ tenant_id: 'acme', instance_id: row.id, workflow_id: 7, workflow_version: 2 });
  expect(first?.log.entries).toMatchObject([
    {
      seq: 1,
      type: 'action_completed',
      at: now,
      action_id: 1,
      attempt: 1,
      status: 'completed',
      reason: null,
      error_code: null,
      duration_ms: 3,
    },
    { seq: 2, detail: '{"input":null,"output":null}' },
  ]);
});

test('no entries make no record', async () => {
  expect(await recordsOf([])).toEqual([]);
});

test.each([
  ['a text of just 16 KB', 'x'.repeat(16 * 1024 - 2), false],
  ['a text of a byte more', 'x'.repeat(16 * 1024 - 1), true],
  ['a text of fewer characters but more bytes', 'ü'.repeat(8_192), true],
])('an output is cut with a marker above 16 KB: %s', async (_, output, isCut) => {
  const detail = await detailOf(done(1, output));
  expect(detail.output).toEqual(
    isCut ? { truncated: true, length: output.length + 2, head: JSON.stringify(output).slice(0, 16 * 1024) } : output,
  );
});

test('the input is cut for itself, whatever the output is', async () => {
  expect(await detailOf(done(1, 'small', { html: 'x'.repeat(20_000) }))).toMatchObject({ output: 'small', input: { truncated: true } });
});

test.each<[string, Json, Json]>([
  ['cut in the middle of a pair', `${'x'.repeat(16 * 1024 - 2)}😀`, { head: expect.stringMatching(/^"x+\ufffd$/) }],
  ['which a template left', { 'bad\udc00': ['half \ud83d', { text: '\udc00' }] }, { 'bad\ufffd': ['half \ufffd', { text: '\ufffd' }] }],
  ['of which both halves are there', 'whole 😀 \\ud83d', 'whole 😀 \\ud83d'],
])('no half of a surrogate pair reaches a database: a text %s', async (_, output, expected) => {
  const [first] = await recordsOf([done(1, output)]);
  const detail = first?.log.entries[0]?.detail as string;
  expect(JSON.parse(detail).output).toEqual(typeof expected === 'object' ? expect.objectContaining(expected as object) : expected);
  expect(JSON.stringify(JSON.parse(detail))).not.toMatch(/(?<!\\)\\ud[89a-f]/);
});

test('a record is split by seq before it is larger than 400 KB', async () => {
  const entries = Array.from({ length: 60 }, (_, index) => done(index + 1, 'ü'.repeat(5_000), 'x'.repeat(6_000)));
  const parts = await recordsOf(entries);
  expect(parts.length).toBeGreaterThan(1);
  for (const { record } of parts) expect((record.value as Buffer).length).toBeLessThan(420 * 1024);
  expect(parts.flatMap(({ log }) => log.entries.map(({ seq }) => seq))).toEqual(entries.map(({ seq }) => seq));
  for (const { log } of parts) expect(log).toMatchObject({ tenant_id: 'acme', instance_id: row.id });
});

test('messages count for the size of a record too', async () => {
  const failed = Array.from({ length: 500 }, (_, index): Entry => {
    const { detail: _detail, ...entry } = done(index + 1, null) as Extract<Entry, { type: 'action_completed' }>;
    return { ...entry, type: 'action_failed', status: 'failed', error_code: 'http_500', error_message: 'x'.repeat(1_000) };
  });
  const parts = await recordsOf(failed);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flatMap(({ log }) => log.entries)).toHaveLength(500);
});

test('a wait of more days than an int has milliseconds is logged as the longest', async () => {
  const month = { ...done(1, null), action_type: 'delay', duration_ms: 30 * 86_400_000 } as Entry;
  expect((await recordsOf([month]))[0]?.log.entries[0]?.duration_ms).toBe(2 ** 31 - 1);
});

test('the one action of a scheduled task has no id in the log', async () => {
  const [first] = await recordsOf([{ ...done(1, null), action_id: 0 } as Entry]);
  expect(first?.log.entries[0]?.action_id).toBeNull();
});
