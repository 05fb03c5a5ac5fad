import { expect, test } from 'vitest';
import { labelDeadLetter, readDeadLetterLabels, withoutDeadLetterLabels } from './dead-letter-labels.ts';
import type { Headers } from './record.ts';

const topicPrefix = 'test.';
const why = { reason: 'undecodable', message: 'Expected magic byte 0, but it is 123', service: 'trigger-matcher', topicPrefix };

const labelled = (overrides: Headers = {}): Headers => {
  const headers = labelDeadLetter({ topic: 'crm.events', partition: 3, offset: '41', headers: { mark: Buffer.from('m') } }, why);
  return { ...headers, ...overrides };
};
const read = (headers: Headers) => readDeadLetterLabels({ headers }, topicPrefix);

test('what is labelled is read again', () => {
  const { atMs, ...labels } = read(labelled()) ?? {};
  expect(labels).toEqual({
    originTopic: 'crm.events',
    originPartition: 3,
    originOffset: 41,
    reason: 'undecodable',
    message: why.message,
    service: 'trigger-matcher',
  });
  expect(Math.abs(Date.now() - (atMs ?? 0))).toBeLessThan(60_000);
});

test('a record that was a dead letter before is labelled anew', () => {
  const headers = labelDeadLetter({ topic: 'workflow.events', partition: 1, offset: '2', headers: labelled() }, why);
  expect(read(headers)).toMatchObject({ originTopic: 'workflow.events', originPartition: 1, originOffset: 2 });
});

test('the record’s own headers are told from the labels', () => {
  expect(withoutDeadLetterLabels(labelled())).toEqual({ mark: Buffer.from('m') });
});

test.each<[string, Headers]>([
  ['no origin topic', { 'dead-letter-origin-topic': undefined }],
  ['an unknown topic', { 'dead-letter-origin-topic': 'test.other' }],
  ['another installation’s topic', { 'dead-letter-origin-topic': 'crm.events' }],
  ['no partition', { 'dead-letter-origin-partition': '' }],
  ['a negative partition', { 'dead-letter-origin-partition': '-1' }],
  ['an offset that is no number', { 'dead-letter-origin-offset': '1e3' }],
  ['an offset beyond what is exact', { 'dead-letter-origin-offset': '9007199254740993' }],
  ['no reason', { 'dead-letter-reason': '' }],
])('with %s a record is unlabelled', (_, overrides) => {
  expect(read(labelled(overrides))).toBeNull();
});

test.each(['not a time', '', '+012026-11-24T10:00:00.000Z', '-000001-01-01T00:00:00.000Z'])('%j is no time', (at) => {
  expect(read(labelled({ 'dead-letter-at': at }))).toMatchObject({ atMs: null });
});

test('texts of any length are cut', () => {
  const long = 'é'.repeat(5_000);
  const { reason, message, service } =
    read(labelled({ 'dead-letter-reason': long, 'dead-letter-message': long, 'dead-letter-service': long })) ?? {};
  expect([reason, message, service].map((text) => text?.length)).toEqual([64, 1_000, 64]);
});
