import { expect, test } from 'vitest';
import { aDeadLetterRecord } from '../../test/dead-letter-record.ts';
import { createDeadLetterRow } from './dead-letter-row.ts';

const rowOf = (...[overrides]: Parameters<typeof aDeadLetterRecord>) => createDeadLetterRow(aDeadLetterRecord(overrides), 'test.');

test('a letter has the place that it comes from, without the prefix, and why it is one', () => {
  expect(rowOf()).toEqual({
    tenantId: 'acme',
    originTopic: 'crm.events',
    originPartition: 3,
    originOffset: 41,
    reason: 'undecodable',
    message: 'Expected magic byte 0, but it is 123',
    service: 'trigger-matcher',
    key: Buffer.from('acme'),
    value: Buffer.from('{'),
    headers: [],
    deadLetteredAtMs: Date.parse('2026-11-24T10:00:00.000Z'),
  });
});

test.each([
  ['acme', 'acme'],
  ['acme/42', 'acme'],
  ['', ''],
  ['/42', ''],
  ['two words', ''],
  ['x'.repeat(65), ''],
  ['\u0000acme', ''],
])('the key %j is the tenant %j', (key, tenantId) => {
  expect(rowOf({ key: Buffer.from(key) }).tenantId).toBe(tenantId);
});

test('a record without a key is nobody’s', () => {
  expect(rowOf({ key: null })).toMatchObject({ tenantId: '', key: null });
});

test('of the headers only those that the record came with stay, each byte and each repeat', () => {
  const headers = { mark: Buffer.from([0, 200]), tags: ['a', Buffer.from('b')], 'dead-letter-of-mine': 'x', none: undefined };
  expect(rowOf({ headers }).headers).toEqual([
    ['mark', Buffer.from([0, 200]).toString('base64')],
    ['tags', Buffer.from('a').toString('base64')],
    ['tags', Buffer.from('b').toString('base64')],
  ]);
});

test('a record that nobody labelled is known by its own place', () => {
  expect(rowOf({ labels: { reason: '' } })).toMatchObject({
    originTopic: 'crm.events.dead-letter',
    originPartition: 3,
    originOffset: 7,
    reason: 'unlabelled',
  });
});

test('where no time is told, the record’s own counts', () => {
  expect(rowOf({ labels: { at: '' } }).deadLetteredAtMs).toBe(Date.parse('2026-11-24T10:00:01.000Z'));
  expect(rowOf({ labels: { at: '' }, timestampMs: -1 }).deadLetteredAtMs).toBe(0);
});
