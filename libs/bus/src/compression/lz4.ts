import { BoundedOutput } from './bounded-output.ts';
import { UnreadableBatchError } from './unreadable-batch-error.ts';

const magic = 0x184d2204;
const shortestMatch = 4;
const flags = { blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionary: 0x01 };
const isPlain = 0x80000000;

/** Inflates an LZ4 frame, as Kafka's clients write one. Source: lz4's lz4_Frame_format.md and lz4_Block_format.md. Throws UnreadableBatchError. */
export function inflateLz4(bytes: Buffer, most: number): Buffer {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== magic) throw broken();
  const flag = bytes[4] as number;
  let at = 7 + (flag & flags.contentSize ? 8 : 0) + (flag & flags.dictionary ? 4 : 0);
  const output = new BoundedOutput(most, bytes.length * 4);
  for (;;) {
    if (at + 4 > bytes.length) throw broken();
    const head = bytes.readUInt32LE(at);
    at += 4;
    if (head === 0) break;
    const size = head % isPlain;
    if (at + size > bytes.length) throw broken();
    if (head >= isPlain) output.write(bytes, at, size);
    else inflateBlock(bytes, at, at + size, output);
    at += size + (flag & flags.blockChecksum ? 4 : 0);
  }
  return output.bytes();
}

function inflateBlock(bytes: Buffer, from: number, end: number, output: BoundedOutput): void {
  let at = from;
  const next = (): number => {
    if (at >= end) throw broken();
    return bytes[at++] as number;
  };
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; ) {
      byte = next();
      length += byte;
    }
    return length;
  };
  while (at < end) {
    const token = next();
    const literals = lengthOf(token >> 4);
    if (at + literals > end) throw broken();
    output.write(bytes, at, literals);
    at += literals;
    // The last sequence has no match.
    if (at === end) return;
    const distance = next() + next() * 256;
    output.repeat(distance, lengthOf(token & 15) + shortestMatch);
  }
}

function broken(): UnreadableBatchError {
  return new UnreadableBatchError('Expected bytes that lz4 has written, but they are broken');
}
