import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { startDriver } from './peer.ts';

/** A driver that is ready at once and answers each line by what `answer` makes of its number of events. */
function driverThat(answer: string): string {
  return `
    import { createInterface } from 'node:readline';
    console.log('{"ready":true}');
    for await (const line of createInterface({ input: process.stdin })) {
      const { events, per_second } = JSON.parse(line);
      ${answer}
    }`;
}

function script(text: string): string {
  const folder = mkdtempSync(`${tmpdir()}/millrace-driver-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(`${folder}/driver.mjs`, text);
  return `${folder}/driver.mjs`;
}

test('a driver answers a line a round and ends with its input', async () => {
  const answer = 'console.log(JSON.stringify({ per_second: events * 2, cpu_us: { server: 5 }, faults: ["one is lost"] }));';
  await using driver = await startDriver(script(driverThat(answer)));
  for (const events of [10, 20])
    expect(await driver.runRound(events)).toEqual({ perSecond: events * 2, cpuUs: { server: 5 }, faults: ['one is lost'] });
});

test('a round at a steady rate answers how long each event took as well', async () => {
  const answer = 'console.log(JSON.stringify({ per_second, cpu_us: { server: 5 }, faults: [], latencies_ms: [1, events] }));';
  await using driver = await startDriver(script(driverThat(answer)));
  expect(await driver.runOpenRound(7, 50)).toEqual({ perSecond: 50, cpuUs: { server: 5 }, faults: [], latenciesMs: [1, 7] });
});

test('a driver that ends in a round fails it and the next, and can still be disposed of', async () => {
  await using driver = await startDriver(script(driverThat('process.exit(3);')));
  await expect(driver.runRound(1)).rejects.toThrow('ended with 3');
  await expect(driver.runRound(1)).rejects.toThrow('ended with 3');
});

test('a driver that ends before it is ready is refused', async () => {
  await expect(startDriver(script('process.exit(4);'))).rejects.toThrow('ended with 4');
});
