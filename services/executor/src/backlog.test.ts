import { expect, test } from 'vitest';
import { Backlog } from './backlog.ts';

test('there is room up to the limit, and again once enough was acknowledged', async () => {
  const backlog = new Backlog(100);
  backlog.add(100);
  expect(backlog.isFull).toBe(false);
  await backlog.room();
  backlog.add(30);
  expect(backlog.isFull).toBe(true);
  let isLetGo = false;
  const waiting = backlog.room().then(() => {
    isLetGo = true;
  });
  backlog.remove(10);
  await Promise.resolve();
  expect(isLetGo).toBe(false);
  backlog.remove(20);
  await waiting;
  expect(backlog.bytes).toBe(100);
});
