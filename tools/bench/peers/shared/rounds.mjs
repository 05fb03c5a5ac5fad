import { createInterface } from 'node:readline';
import { cpuMicrosecondsOfTree } from './cpu-time.mjs';

/**
 * Answers each line `{"events": N}` of the standard input by a round and one JSON line: `per_second`, `cpu_us` (per event, of each process
 * with its children), `faults` (what doesn't add up, as texts). The first line of all says that it is ready, with the settings that matter.
 * Ends with the input.
 *
 * @param {object} peer
 * @param {Record<string, unknown>} peer.settings
 * @param {Record<string, number>} peer.pids
 * @param {(events: number, run: string) => Promise<void>} peer.run resolved once the last event's last record is durable
 * @param {(events: number, run: string) => Promise<string[]>} peer.check
 */
export async function serveRounds({ settings, pids, run, check }) {
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  const used = () => Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMicrosecondsOfTree(pid)]));
  say({ ready: true, settings });
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const { events } = JSON.parse(line);
    const name = `r${process.pid}x${++number}`;
    const before = used();
    const startedAt = performance.now();
    await run(events, name);
    const elapsedMs = performance.now() - startedAt;
    const after = used();
    const cpu = Object.fromEntries(Object.keys(pids).map((each) => [each, (after[each] - before[each]) / events]));
    say({ per_second: (events * 1_000) / elapsedMs, cpu_us: cpu, faults: await check(events, name) });
  }
}

/** Runs `task` for every item, at most `width` at a time. */
export async function forEachOf(items, width, task) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await task(items[next++]);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
