import { expect, test } from 'vitest';
import { type PartitionFlow, PartitionFlows } from './partition-flow.ts';

/** Four partitions of two topics; 8,000 bytes, of which a share of 250 is kept for each. */
function createFlows() {
  const told: string[] = [];
  const tell = (what: string) => (of: { topic: string; partitions: number[] }[]) =>
    void told.push(...of.map(({ topic, partitions }) => `${what} ${topic} ${partitions}`));
  const flows = new PartitionFlows({
    fetcher: { pause: tell('pause'), resume: tell('resume') },
    partitionsByTopic: { 'p.a': [0, 7], 'p.b': [0, 1] },
    topicPrefix: 'p.',
    maxQueuedBytes: 8_000,
    groupId: 'g',
  });
  const of = (topic: string, partition: number) => flows.of(topic, partition) as PartitionFlow;
  return { flows, told, of };
}

test('a partition may hold all of the common part; above that it is paused, and those are fetched that hold less than their share', () => {
  const { flows, told, of } = createFlows();
  flows.queued(of('a', 7), 7_000);
  expect(told).toEqual([]);
  flows.queued(of('a', 7), 1);
  flows.queued(of('a', 7), 500);
  flows.queued(of('a', 0), 250);
  expect(told.splice(0)).toEqual(['pause p.a 7']);
  flows.queued(of('a', 0), 1);
  expect(told.splice(0)).toEqual(['pause p.a 0']);
  flows.done(of('a', 0), 126);
  expect(told.splice(0)).toEqual(['resume p.a 0']);
  flows.done(of('a', 7), 1_625);
  expect(told).toEqual([]);
  flows.done(of('a', 7), 1);
  expect(told).toEqual(['resume p.a 7']);
  expect([of('a', 7).isPaused, of('a', 0).isPaused]).toEqual([false, false]);
});

test('what its caller paused goes on with its caller, but for what is full', () => {
  const { flows, told, of } = createFlows();
  flows.queued(of('b', 1), 8_000);
  told.splice(0);
  flows.pauseAll(true);
  flows.pauseAll(true);
  expect(told.splice(0)).toEqual(['pause p.a 0,7', 'pause p.b 0']);
  flows.pauseAll(false);
  expect(told.splice(0)).toEqual(['resume p.a 0,7', 'resume p.b 0']);
  flows.pauseAll(true);
  told.splice(0);
  flows.done(of('b', 1), 8_000);
  expect(told).toEqual([]);
  flows.pauseAll(false);
  expect(told).toEqual(['resume p.a 0,7', 'resume p.b 0,1']);
});

test('a partition that isn’t of the assignment has no flow', () => {
  const { flows } = createFlows();
  expect([flows.of('a', 1), flows.of('c', 0), flows.of('p.a', 0)]).toEqual([undefined, undefined, undefined]);
});
