import type { OutRecord } from '@millrace/bus';
import { TerminalError } from '@millrace/runtime';
import { expect, test } from 'vitest';
import { createSender } from './command-sender.ts';

const record = (key: string) => ({ key }) as OutRecord;
const keysOf = (records: readonly OutRecord[]) => records.map(({ key }) => key);

test('records that come while a send runs go together in the next one', async () => {
  const batches: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const sender = createSender({
    publish: async (records) => {
      batches.push(keysOf(records));
      await gate.promise;
    },
  });
  const all = ['a', 'b', 'c'].map((key) => sender.send(record(key)));
  gate.resolve();
  await Promise.all(all);
  expect(batches).toEqual([['a'], ['b', 'c']]);
});

test('a record that can’t be sent fails alone', async () => {
  const sent: unknown[] = [];
  const sender = createSender({
    publish: async (records) => {
      if (keysOf(records).includes('bad')) throw new TerminalError('message_too_large', 'Expected less');
      sent.push(...keysOf(records));
    },
  });
  const all = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((key) => sender.send(record(key))));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(sent).toEqual(['a', 'b', 'c']);
});

test('disposing sends what waits', async () => {
  const sent: unknown[] = [];
  const sender = createSender({ publish: async (records) => void sent.push(...keysOf(records)) });
  void sender.send(record('a'));
  void sender.send(record('b'));
  await sender[Symbol.asyncDispose]();
  expect(sent).toEqual(['a', 'b']);
});
