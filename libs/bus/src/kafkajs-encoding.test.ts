import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { encodeRecord, groupMessagesPerPartition } from './kafkajs-encoding.ts';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (
  buffer: Buffer,
) => { readVarInt(): number; canReadBytes(size: number): boolean; offset: number };
const decodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder.js') as (
  decoder: object,
  batch: { firstOffset: string; firstTimestamp: string },
) => Record<string, unknown>;
const Encoder = require('kafkajs/src/protocol/encoder.js') as new () => {
  writeArray(values: object[], type: 'object'): { buffer: Buffer };
};

/** As a consumer reads it. */
function decoded(record: Buffer) {
  const decoder = new Decoder(record);
  expect(decoder.readVarInt() + decoder.offset).toBe(record.length);
  const { key, value, headers, offset, timestamp } = decodeRecord(decoder, { firstOffset: '1000', firstTimestamp: '1764000000000' });
  expect(decoder.canReadBytes(1)).toBe(false);
  return { key, value, headers, offset, timestamp };
}

const bytes = (length: number) => Buffer.alloc(length, 'x');

test('a record with all that it may have is read as it was written', () => {
  const { buffer } = encodeRecord({
    key: 'acme/lead/Zoë',
    value: bytes(300),
    headers: { traceparent: '00-ab', many: ['one', Buffer.from('two')], none: null },
    offsetDelta: 77,
    timestampDelta: 1_234,
  });
  expect(decoded(buffer)).toEqual({
    key: Buffer.from('acme/lead/Zoë'),
    value: bytes(300),
    headers: { traceparent: Buffer.from('00-ab'), many: [Buffer.from('one'), Buffer.from('two')], none: null },
    offset: '1077',
    timestamp: '1764000001234',
  });
});

test('a record without key, value and headers is one too', () => {
  expect(decoded(encodeRecord({ value: null }).buffer)).toEqual({
    key: null,
    value: null,
    headers: {},
    offset: '1000',
    timestamp: '1764000000000',
  });
});

test.each([0, 1, 63, 64, 127, 128, 8_191, 8_192, 16_384, 300_000, 1_100_000])('a value of %i bytes keeps its length', (length) => {
  expect(decoded(encodeRecord({ key: bytes(length), value: bytes(length) }).buffer)).toMatchObject({
    key: bytes(length),
    value: bytes(length),
  });
});

test.each([
  [0, '1764000000000'],
  [63, '1764000000063'],
  [64, '1764000000064'],
  [2_147_483_648, '1766147483648'],
  [1_099_511_627_776, '2863511627776'],
  [-5, '1763999999995'],
])('a record %i ms after the first of its batch has its time', (timestampDelta, timestamp) => {
  expect(decoded(encodeRecord({ value: null, timestampDelta }).buffer)).toMatchObject({ timestamp });
});

test("kafkajs' own encoder takes records one after the other", () => {
  const records = [encodeRecord({ value: 'first' }), encodeRecord({ value: 'second', offsetDelta: 1 })];
  const { buffer } = new Encoder().writeArray(records, 'object');
  expect(buffer.readInt32BE()).toBe(2);
  expect(buffer.subarray(4)).toEqual(Buffer.concat(records.map((record) => record.buffer)));
});

test('messages keep their order within their partition', () => {
  const messages = Array.from({ length: 7 }, (_, number) => ({ number, partition: number % 3 }));
  const grouping = {
    topic: 'a',
    partitionMetadata: [{}],
    messages,
    partitioner: ({ message }: { message: { partition: number } }) => message.partition,
  };
  expect(groupMessagesPerPartition(grouping)).toEqual({
    0: [messages[0], messages[3], messages[6]],
    1: [messages[1], messages[4]],
    2: [messages[2], messages[5]],
  });
  expect(groupMessagesPerPartition({ ...grouping, partitionMetadata: [] })).toEqual({});
});
