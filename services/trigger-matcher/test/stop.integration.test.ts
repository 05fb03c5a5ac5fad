import { eventually, type ServiceProcess } from '@millrace/testing';
import { expect, test } from 'vitest';
import { definitions, eventsOf, nameOf, namesOf, publishBurst, startedAll } from './burst.ts';
import { createMatcherTest, type MatcherUnderTest } from './matcher-under-test.ts';

/** Ends a matcher in the middle of a burst, starts the next one, and answers what both have sent. */
async function endInBurst(under: MatcherUnderTest, first: ServiceProcess, signal: NodeJS.Signals) {
  await under.define([first], ...definitions());
  const [during, after] = [eventsOf(5_000), eventsOf(500, 5_000)];
  const published = publishBurst(under, during);
  await eventually(() => expect(under.commands.records.length).toBeGreaterThan(500), { everyMs: 5 });
  first.kill(signal);
  const exit = await first.exited;
  await published;
  await publishBurst(under, after);
  await under.start();
  const events = [...during, ...after];
  return { exit, events, commands: await startedAll(under, events) };
}

test('SIGTERM in a burst ends the matcher with its offsets committed: the next one goes on without a repeat', async () => {
  await using under = await createMatcherTest();
  const { exit, events, commands } = await endInBurst(under, await under.start(), 'SIGTERM');
  expect(exit).toBe(0);
  expect(commands.map(nameOf).sort()).toEqual(namesOf(events));
});

test('kill −9 in a burst loses nothing, and an event that is delivered again gives the same command', async () => {
  await using under = await createMatcherTest();
  const { exit, events, commands } = await endInBurst(under, await under.start(), 'SIGKILL');
  expect(exit).toBe('SIGKILL');
  expect(commands.length).toBeGreaterThanOrEqual(events.length);
  for (const again of Map.groupBy(commands, nameOf).values()) for (const command of again) expect(command).toEqual(again[0]);
});
