import { expect, test } from 'vitest';
import { type Defect, defects } from './defects.ts';
import { simulate } from './simulate.ts';

const mostSeeds = 2_000;

/** The first seed that finds the defect, and what it finds; null where none of so many does. */
async function find(defect: Defect): Promise<{ seed: number; promises: string[] } | null> {
  for (let seed = 1; seed <= mostSeeds; seed += 1) {
    const { violations } = await simulate(seed, { defect });
    if (violations.length > 0) return { seed, promises: violations.map(({ promise }) => promise) };
  }
  return null;
}

test.each([...defects])('the simulation finds it where %s', { timeout: 120_000 }, async (_, defect) => {
  expect(await find(defect)).not.toBeNull();
});
