import { expect, test } from 'vitest';
import { freedName } from './workflow-changes.ts';
import { ifMatchAllows } from './workflow-view.ts';

test.each([
  ['', true],
  ['*', true],
  ['"3"', true],
  ['"2", "3"', true],
  ['"2"', false],
  ['W/"3"', false],
  ['3', false],
])('If-Match %s against version 3: %s', (header, allowed) => {
  expect(ifMatchAllows(header, 3)).toBe(allowed);
});

test('a freed name fits its column', () => {
  expect(freedName('Welcome', 12)).toBe(' Welcome#12');
  expect([...freedName('😀'.repeat(255), 12)]).toHaveLength(255);
});
