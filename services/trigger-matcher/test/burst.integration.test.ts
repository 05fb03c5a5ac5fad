import { eventually, readMetric } from '@millrace/testing';
import { expect, test } from 'vitest';
import { definitions, eventsOf, nameOf, namesOf, publishBurst, startedAll } from './burst.ts';
import { createMatcherTest } from './matcher-under-test.ts';

test('a definition that changes during a burst neither loses nor doubles an event', async () => {
  await using under = await createMatcherTest();
  const matcher = await under.start();
  await under.define([matcher], ...definitions());
  const events = eventsOf(4_000);
  const changes = async () => {
    for (let version = 2; version <= 20; version++) await under.define([matcher], ...definitions(version));
  };
  await Promise.all([changes(), publishBurst(under, events)]);
  const commands = await startedAll(under, events);
  expect(commands.map(nameOf).sort()).toEqual(namesOf(events));
  const versions = new Set(
    commands.map(({ command }) => 'millrace.StartInstance' in command && command['millrace.StartInstance'].workflow_version),
  );
  expect(versions.size).toBeGreaterThan(3);
});

test('two matchers share the partitions: each event is matched once, by one of them', async () => {
  await using under = await createMatcherTest();
  const matchers = await Promise.all([under.start(), under.start()]);
  await under.define(matchers, ...definitions());
  await eventually(async () => {
    for (const matcher of matchers) expect(matcher.output()).toContain('"partitions":12');
  });
  const events = eventsOf(4_000);
  await publishBurst(under, events);
  const commands = await startedAll(under, events);
  expect(commands.map(nameOf).sort()).toEqual(namesOf(events));
  const handled = await Promise.all(matchers.map((matcher) => readMetric(matcher, 'millrace_matcher_events_total')));
  expect(Math.min(...handled)).toBeGreaterThan(0);
  expect(handled.reduce((sum, count) => sum + count)).toBe(events.length);
});

test('while more waits than may be held, fetching pauses, and nothing is lost', async () => {
  await using under = await createMatcherTest();
  const matcher = await under.start({ MAX_QUEUED_BYTES: '100000' });
  await under.define([matcher], ...definitions());
  const events = eventsOf(3_000);
  await publishBurst(under, events);
  const commands = await startedAll(under, events);
  expect(commands.map(nameOf).sort()).toEqual(namesOf(events));
  expect(await readMetric(matcher, 'bus_fetch_pauses_total')).toBeGreaterThan(0);
  expect(await readMetric(matcher, 'millrace_matcher_queued_bytes')).toBe(0);
});
