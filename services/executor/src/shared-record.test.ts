import type { InRecord } from '@millrace/bus';
import { expect, test } from 'vitest';
import { shareRecord } from './shared-record.ts';

function aRecord() {
  let done = 0;
  const record = {
    topic: 'workflow.commands',
    offset: '7',
    assignment: { isRevoked: () => false },
    done: () => done++,
  } as unknown as InRecord;
  return { record, timesDone: () => done };
}

test('a record that was shared is done once every part is', () => {
  const { record, timesDone } = aRecord();
  const parts = shareRecord(record, 3);
  parts[0]?.done();
  parts[2]?.done();
  expect(timesDone()).toBe(0);
  parts[1]?.done();
  expect(timesDone()).toBe(1);
});

test('a part that is done again counts once', () => {
  const { record, timesDone } = aRecord();
  const [first, second] = shareRecord(record, 2);
  first?.done();
  first?.done();
  expect(timesDone()).toBe(0);
  second?.done();
  second?.done();
  expect(timesDone()).toBe(1);
});

test('a part is the record in all else', () => {
  const [part] = shareRecord(aRecord().record, 2);
  expect(part).toMatchObject({ topic: 'workflow.commands', offset: '7' });
  expect(part?.assignment.isRevoked()).toBe(false);
});
