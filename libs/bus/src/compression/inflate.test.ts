import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { javaCompressed } from '../../test/java-compressed.ts';
import { inflateLz4 } from './lz4.ts';
import { inflateSnappy } from './snappy.ts';
import { UnreadableBatchError } from './unreadable-batch-error.ts';

const codecs = { snappy: inflateSnappy, lz4: inflateLz4 } as const;
const most = 1024 * 1024;

describe.each(['snappy', 'lz4'] as const)('%s', (name) => {
  const inflate = codecs[name];
  const samples = javaCompressed.map((sample) => ({ plain: sample.plain, bytes: Buffer.from(sample[name], 'base64') }));

  test.each(samples)('what a Java client has compressed is read: $plain.length characters', ({ plain, bytes }) => {
    expect(inflate(bytes, most).toString()).toBe(plain);
  });

  test.each(samples)('what inflates to more than it may is refused: $plain.length characters', ({ plain, bytes }) => {
    expect(inflate(bytes, plain.length).toString()).toBe(plain);
    expect(() => inflate(bytes, plain.length - 1)).toThrow(UnreadableBatchError);
  });

  test.each(samples)('what is cut anywhere is refused, or a part: $plain.length characters', ({ plain, bytes }) => {
    for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 200)) {
      try {
        expect(plain.startsWith(inflate(bytes.subarray(0, length), most).toString())).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableBatchError);
      }
    }
  });

  test('any bytes are read or refused, and never take more memory than they may', () => {
    const [, , sample] = samples as [unknown, unknown, (typeof samples)[number]];
    const broken = fc.array(fc.tuple(fc.nat(sample.bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }).map((changes) => {
      const bytes = Buffer.from(sample.bytes);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
    fc.assert(
      fc.property(
        fc.oneof(
          broken,
          fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          try {
            expect(inflate(bytes, 20_000).length).toBeLessThanOrEqual(20_000);
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadableBatchError);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

test('a block of snappy without a frame, as other clients write it, is read', () => {
  const long = Buffer.concat([Buffer.from([100, 59 << 2]), Buffer.from('x'.repeat(60)), Buffer.from([(39 << 2) | 2, 60, 0])]);
  expect(inflateSnappy(long, most).toString()).toBe('x'.repeat(100));
});

test('a few bytes of lz4 that stand for a gigabyte are refused before they are one', () => {
  const bomb = Buffer.concat([
    Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]),
    Buffer.from([0xff, 0xff, 0x00, 0x00]),
    Buffer.from([0x1f, 0x61, 0x01, 0x00]),
    Buffer.alloc(65_530, 0xff),
    Buffer.from([0x00]),
  ]);
  expect(() => inflateLz4(bomb, most)).toThrow(/at most 1048576 bytes/);
});
