import { createRequire } from 'node:module';
import avsc from 'avsc';

interface Tap {
  pos: number;
  buf: Uint8Array;
  readLong(): number;
}
type Move = (this: Tap) => unknown;
type ReadList = (tap: Tap) => unknown;

const { Tap } = createRequire(import.meta.url)('avsc/lib/utils') as { Tap: { prototype: Record<string, Move> } };
const list = avsc.types.ArrayType.prototype as unknown as { _read: ReadList };

// avsc 5.7.9 notices only at the end that it has read behind the buffer, where there are zeros without end: a list or map of
// ten bytes that claims 2^50 items keeps it busy until the memory is gone.
for (const name of ['readInt', 'readLong', 'skipInt', 'skipLong', 'skipBoolean', 'skipFloat', 'skipDouble']) {
  const move = Tap.prototype[name] as Move;
  Tap.prototype[name] = function () {
    if (this.pos >= this.buf.length) throw new RangeError('truncated buffer');
    return move.call(this);
  };
}

// It makes room for all items before it reads the first. Each of them has a byte at least.
const readList = list._read;
list._read = function (tap) {
  const start = tap.pos;
  const items = Math.abs(tap.readLong());
  if (items > tap.buf.length - tap.pos) throw new RangeError('truncated buffer');
  tap.pos = start;
  return readList.call(this, tap);
};
