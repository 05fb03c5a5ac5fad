import { expect, test } from 'vitest';
import { createTable, createTargets } from './compare.ts';
import type { ContenderSpec } from './registry.ts';

const summary = (perSecond: number) => ({ perSecond, cpuUs: 1_234.5, cpuUsBy: {} });
const spec = (label: string, timesAtLeast?: number): ContenderSpec => ({
  label,
  share: 1,
  ...(timesAtLeast === undefined ? {} : { timesAtLeast }),
  start: () => Promise.reject(new Error('Expected not to be started')),
});
const compared = [
  { name: 'slow', spec: spec('Slow', 5), outcome: summary(500) },
  { name: 'fast', spec: spec('Fast', 5), outcome: summary(1_000) },
  { name: 'gone', spec: spec('Gone', 5), outcome: new Error('no registry') },
  { name: 'free', spec: spec('Free'), outcome: summary(2_000) },
];

test('a peer that could not be measured misses its target, one without a target has none', () => {
  expect(createTargets(summary(3_000), compared, 0)).toEqual([
    { name: 'accounts that do not add up', figure: 0, atMost: 0, met: true },
    { name: 'times slow', figure: 6, atLeast: 5, met: true },
    { name: 'times fast', figure: 3, atLeast: 5, met: false },
    { name: 'times gone, which could not be measured', figure: 0, atLeast: 5, met: false },
  ]);
});

test('the table shows every peer, also one that could not be measured', () => {
  expect(createTable(summary(3_000), compared).split('\n').slice(2)).toEqual([
    '| Millrace | 3,000 | 1,235 |  |  |',
    '| Slow | 500 | 1,235 | 6 | 5 |',
    '| Fast | 1,000 | 1,235 | 3 | 5: missed |',
    '| Gone | could not be measured |  |  | 5 |',
    '| Free | 2,000 | 1,235 | 1.5 |  |',
  ]);
});
