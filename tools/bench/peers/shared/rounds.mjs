import { createInterface } from 'node:readline';
import { cpuMicrosecondsOfTree } from './cpu-time.mjs';

/**
 * Answers each line `{"events": N}` of the standard input by a round and one JSON line: `per_second`, `cpu_us` (per event, of each process
 * with its children), `faults` (what doesn't add up, as texts). Of a peer that has `latencies`, `{"events": N, "per_second": R}` asks for a round at
 * that rate, whether or not those before are done; its answer has `latencies_ms` as well, from an event's sending to its end. The first line of
 * all says that it is ready, with the settings that matter. Ends with the input.
 *
 * @param {object} peer
 * @param {Record<string, unknown>} peer.settings
 * @param {Record<string, number>} peer.pids
 * @param {(events: number, run: string, perSecond?: number) => Promise<void>} peer.run resolved once the last event's last record is durable
 * @param {(events: number, run: string) => Promise<string[]>} peer.check
 * @param {(run: string) => Promise<number[]>} [peer.latencies]
 */
export async function serveRounds({ settings, pids, run, check, latencies }) {
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  const used = () => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMicrosecondsOfTree(pid)]));
  say({ ready: true, settings });
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const { events, per_second: perSecond } = JSON.parse(line);
    const name = `r${process.pid}x${++number}`;
    const before = used();
    const startedAt = performance.now();
    await run(events, name, perSecond);
    const elapsedMs = performance.now() - startedAt;
    const after = used();
    const cpu = Object.fromEntries(Object.keys(pids).map((each) => [each, (after[each] - before[each]) / events]));
    const took = perSecond === undefined ? {} : { latencies_ms: await latencies(name) };
    say({ per_second: (events * 1_000) / elapsedMs, cpu_us: cpu, faults: await check(events, name), ...took });
  }
}

/** Begins `task` for so many items a second, whether or not those before are done. */
export async function forEachAtRate(items, perSecond, task) {
  const startedAt = performance.now();
  const running = [];
  for (let begun = 0; begun < items.length; ) {
    const due = Math.min(items.length, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000) + 1);
    while (begun < due) running.push(task(items[begun++]));
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, startedAt + (begun * 1_000) / perSecond - performance.now())));
  }
  await Promise.all(running);
}

/** Runs `task` for every item, at most `width` at a time. */
export async function forEachOf(items, width, task) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await task(items[next++]);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
