import { setTimeout as delay } from 'node:timers/promises';
import { startMillrace } from '@millrace/testing';
import { atMost, type Benchmark, createResult } from './benchmark.ts';
import { cpuMicroseconds } from './cpu-time.ts';
import { watchMemory } from './memory.ts';
import { round } from './statistics.ts';

const settleMs = 10_000;
const seconds = 30;

/** All five services with nothing to do. */
export const idle: Benchmark = {
  summary: `all services idle for ${seconds} s`,
  async run({ stackEnv }) {
    await using millrace = await startMillrace('bench-idle', { stackEnv: await stackEnv() });
    const pids = Object.fromEntries(millrace.services.names.map((name) => [name, millrace.services.get(name).pid]));
    await delay(settleMs);
    const used = () => Object.values(pids).reduce((sum, pid) => sum + cpuMicroseconds(pid), 0);
    const before = used();
    const memory = watchMemory(pids);
    await delay(seconds * 1_000);
    const percent = round((used() - before) / (seconds * 10_000), 2);
    const mb = Object.values(memory.stop()).reduce((sum, each) => sum + each, 0);
    return createResult('idle', { cpu_percent_of_a_core: percent, memory_mb: mb }, [
      atMost('percent of a core', percent, 5),
      atMost('memory of all services in MB', mb, 900),
    ]);
  },
};
