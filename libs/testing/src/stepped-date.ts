// Preloaded into a process: its Date is as many seconds off as the file says, which is read again every 10 ms.
import { readFileSync } from 'node:fs';

const file = process.env.STEPPED_CLOCK_FILE as string;
const TrueDate = Date;
let offsetMs = 0;
let readAt = Number.NEGATIVE_INFINITY;

function now(): number {
  if (performance.now() - readAt > 10) {
    offsetMs = Number(readFileSync(file, 'utf8')) * 1_000;
    readAt = performance.now();
  }
  return TrueDate.now() + offsetMs;
}

class SteppedDate extends TrueDate {
  constructor(...args: [] | [number]) {
    super(...(args.length === 0 ? ([now()] as const) : args));
  }

  static override now(): number {
    return now();
  }
}

globalThis.Date = SteppedDate as DateConstructor;
