import { expect, test } from 'vitest';
import type { BenchContext } from '../benchmark.ts';
import { startPipeline } from './pipeline.ts';

const context: BenchContext = {
  stackEnv: async () => process.env as Record<string, string>,
  serverPids: async () => ({}),
  say() {},
  size: () => 0,
  choice: () => [],
};

test.each(['naive', 'bare'] as const)('the %s pipeline runs every event to its end, once, round after round', async (variant) => {
  await using pipeline = await startPipeline(variant, 2, context);
  for (const events of [40, 25]) {
    const { faults, perSecond, cpuUs } = await pipeline.runRound(events);
    expect(faults).toEqual([]);
    expect(perSecond).toBeGreaterThan(0);
    expect(Object.keys(cpuUs)).toEqual(['matcher', 'executor', 'audit-logger']);
  }
});
