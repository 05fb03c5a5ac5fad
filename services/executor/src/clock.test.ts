import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';

const anHourMs = 3_600_000;

test('a sleep whose signal was aborted before ends at once', async () => {
  await systemClock.sleep(anHourMs, AbortSignal.abort());
});

test('a sleep ends as soon as its signal is aborted, and is not rejected', async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(anHourMs, controller.signal);
  controller.abort();
  await expect(sleeping).resolves.toBeUndefined();
});

test('a sleep that is over, either way, leaves nothing at its signal', async () => {
  const controller = new AbortController();
  await systemClock.sleep(1, controller.signal);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  const sleeping = systemClock.sleep(anHourMs, controller.signal);
  controller.abort('settled');
  await sleeping;
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('a sleep without a signal ends after its time', async () => {
  await systemClock.sleep(1);
});
