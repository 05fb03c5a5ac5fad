import { test } from 'vitest';
import { expectKept } from './expect-kept.ts';

test('seeds 2501 to 5000 break no promise', { timeout: 300_000 }, async () => {
  for (let seed = 2_501; seed <= 5_000; seed += 1) await expectKept(seed);
});
