import { expect, test } from 'vitest';
import { CommandQueue } from './command-queue.ts';

const item = (name: string, bytes = 500) => ({ name, bytes });
const names = (items: { name: string }[]) => items.map(({ name }) => name);

test('a tenant keeps the order of its commands', () => {
  const queue = new CommandQueue<{ name: string; bytes: number }>();
  for (let index = 0; index < 5_000; index++) queue.add('acme', item(String(index)));
  const taken: string[] = [];
  while (queue.size > 0) taken.push(...names(queue.take(97)));
  expect(taken).toEqual(Array.from({ length: 5_000 }, (_, index) => String(index)));
  expect(queue.bytes).toBe(0);
});

test("a tenant's burst doesn't make another wait behind it", () => {
  const queue = new CommandQueue<{ name: string; bytes: number }>();
  for (let index = 0; index < 10_000; index++) queue.add('large', item('large'));
  queue.add('small', item('small'));
  expect(names(queue.take(256))).toContain('small');
});

test('a command larger than a turn gets its turn in the end', () => {
  const queue = new CommandQueue<{ name: string; bytes: number }>();
  queue.add('acme', item('huge', 256 * 1024));
  queue.add('other', item('small'));
  expect(names(queue.take(2)).sort()).toEqual(['huge', 'small']);
});
