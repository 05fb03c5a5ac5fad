import { eventually, kafkaRequests, startKafkaProxy } from '@millrace/testing';
import { expect, test } from 'vitest';
import { definitions, eventsOf, nameOf, namesOf, publishBurst, startedAll } from './burst.ts';
import { createMatcherTest } from './matcher-under-test.ts';

test('events whose commands the broker has not acknowledged are not done with: after a kill −9 the next matcher starts them', async () => {
  await using under = await createMatcherTest();
  await using proxy = await startKafkaProxy(under.installation.env.KAFKA_BROKERS ?? '');
  const first = await under.start({ KAFKA_BROKERS: proxy.broker });
  await under.define([first], ...definitions());
  const events = eventsOf(20);
  const before = proxy.sent(kafkaRequests.produce);
  proxy.withhold(kafkaRequests.produce);
  await publishBurst(under, events);
  await eventually(() => expect(proxy.sent(kafkaRequests.produce)).toBeGreaterThan(before));
  // Offsets are committed twice a second: what it took for done would be committed long before two heartbeats have gone by.
  const heartbeats = proxy.sent(kafkaRequests.heartbeat);
  await eventually(() => expect(proxy.sent(kafkaRequests.heartbeat)).toBeGreaterThan(heartbeats + 2));
  first.kill('SIGKILL');
  await first.exited;

  await under.start();
  const commands = await startedAll(under, events);
  expect(commands.map(nameOf).sort()).toEqual(namesOf(events));
});
