import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const sampleMs = 1_000;

/** The share (0 to 1) of the machine's CPU time that nobody used over the next second. */
export async function sampleIdleShare(): Promise<number> {
  const before = readTicks();
  await delay(sampleMs);
  const after = readTicks();
  return (after.idle - before.idle) / Math.max(1, after.all - before.all);
}

/** `iowait` counts as idle; guests' time is in `user` already. */
function readTicks(): { idle: number; all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), all: ticks.reduce((sum, each) => sum + each, 0) };
}
