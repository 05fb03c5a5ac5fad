import { BoundedOutput } from './bounded-output.ts';
import { UnreadableBatchError } from './unreadable-batch-error.ts';

const framed = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** The magic and two versions. */
const headerBytes = 16;

/**
 * Inflates what Java clients write (blocks in snappy-java's frame) and others (one block). Source: google/snappy's format_description.txt and
 * snappy-java's SnappyOutputStream. Throws UnreadableBatchError.
 */
export function inflateSnappy(bytes: Buffer, most: number): Buffer {
  const output = new BoundedOutput(most, bytes.length * 4);
  if (!bytes.subarray(0, framed.length).equals(framed)) {
    inflateBlock(bytes, 0, bytes.length, output);
    return output.bytes();
  }
  for (let at = headerBytes; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw broken();
    const end = at + 4 + bytes.readInt32BE(at);
    if (end <= at + 4 || end > bytes.length) throw broken();
    inflateBlock(bytes, at + 4, end, output);
    at = end;
  }
  return output.bytes();
}

function inflateBlock(bytes: Buffer, from: number, end: number, output: BoundedOutput): void {
  let at = from;
  const next = (): number => {
    if (at >= end) throw broken();
    return bytes[at++] as number;
  };
  const little = (count: number): number => {
    let value = 0;
    for (let shift = 0; shift < count; shift += 1) value += next() * 2 ** (8 * shift);
    return value;
  };
  let length = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = next();
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
    if (shift > 28) throw broken();
  }
  const expected = output.length + length;
  while (at < end) {
    const tag = next();
    const upper = tag >> 2;
    switch (tag & 3) {
      case 0: {
        const count = (upper < 60 ? upper : little(upper - 59)) + 1;
        if (at + count > end) throw broken();
        output.write(bytes, at, count);
        at += count;
        break;
      }
      case 1:
        output.repeat(((tag >> 5) << 8) + next(), (upper & 7) + 4);
        break;
      case 2:
        output.repeat(little(2), upper + 1);
        break;
      default:
        output.repeat(little(4), upper + 1);
    }
    if (output.length > expected) throw broken();
  }
  if (output.length !== expected) throw broken();
}

function broken(): UnreadableBatchError {
  return new UnreadableBatchError('Expected bytes that snappy has written, but they are broken');
}
