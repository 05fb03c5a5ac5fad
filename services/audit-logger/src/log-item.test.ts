import { expect, test } from 'vitest';
import { anActionEntry, anEntry, instanceOf, itemsOf, now } from '../test/log-entries.ts';
import { createLogRow, type LogItem, orderItems, splitItems } from './log-item.ts';

const items = (instance: number, ...seqs: number[]) =>
  itemsOf({ instance_id: instanceOf(instance), entries: seqs.map((seq) => anEntry({ seq })) });
const places = (list: readonly LogItem[]) => list.map(({ header, entry }) => `${Number.parseInt(header.instance_id, 16)}/${entry.seq}`);
const only = (list: LogItem[]): LogItem => {
  expect(list).toHaveLength(1);
  return list[0] as LogItem;
};

test('entries are ordered by instance and seq, and a repeat within the batch counts once', () => {
  expect(places(orderItems([...items(2, 3, 1), ...items(1, 10, 9), ...items(2, 1, 2)]))).toEqual(['1/9', '1/10', '2/1', '2/2', '2/3']);
});

test('what one transaction takes is bounded by number', () => {
  const chunks = splitItems(Array.from({ length: 4_500 }, (_, at) => only(items(at, 1))));
  expect(chunks.map(({ length }) => length)).toEqual([2_000, 2_000, 500]);
});

test('what one transaction takes is bounded by size, but one entry is always taken', () => {
  const large = (characters: number) => itemsOf({ entries: [anEntry({ detail: 'x'.repeat(characters) })] });
  const chunks = splitItems([...large(1_500_000), ...large(400_000), ...large(400_000), ...large(3_000_000), ...large(10)]);
  expect(chunks.map(({ length }) => length)).toEqual([2, 1, 1, 1]);
  expect(splitItems([])).toEqual([]);
});

test('an entry is a row; what has no column of its own is in its detail', () => {
  const entry = anActionEntry({
    seq: 4,
    type: 'action_failed',
    status: 'failed',
    attempt: 2,
    error_code: 'rejected',
    error_message: 'Expected "yes"',
    duration_ms: 0,
    detail: '{"input":{"to":"x"}}',
  });
  const { detail, ...row } = createLogRow(only(itemsOf({ entries: [entry] })));
  expect(row).toEqual({
    tenantId: 'acme',
    workflowId: 1,
    instanceId: instanceOf(1),
    seq: 4,
    type: 'action_failed',
    actionId: 7,
    status: 'failed',
    atMs: now + 4,
  });
  expect(JSON.parse(detail ?? '')).toEqual({
    action_name: 'tag',
    action_type: 'add_tag',
    attempt: 2,
    error_code: 'rejected',
    error_message: 'Expected "yes"',
    duration_ms: 0,
    detail: { input: { to: 'x' } },
  });
});

test('an entry that says nothing more has no detail', () => {
  expect(createLogRow(only(itemsOf())).detail).toBeNull();
});
