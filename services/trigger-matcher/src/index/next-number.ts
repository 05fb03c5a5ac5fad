const view = new DataView(new ArrayBuffer(8));

/** The double next to a finite one, above it (1) or below it (−1): `x > n` is `x >= nextNumber(n, 1)`. */
export function nextNumber(number: number, direction: 1 | -1): number {
  if (number === 0) return direction * Number.MIN_VALUE;
  view.setFloat64(0, number);
  // Doubles of one sign are in the order of their bits.
  const away = number > 0 === direction > 0;
  view.setBigInt64(0, view.getBigInt64(0) + (away ? 1n : -1n));
  return view.getFloat64(0);
}
