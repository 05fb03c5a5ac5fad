import { existsSync, readFileSync } from 'node:fs';
import { round } from './statistics.ts';

const ticksPerSecond = 100;

/** CPU time that a process has used, in µs; from the operating system. */
export function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond;
}

export interface CpuMeter {
  /** What each process has used since the start, in µs for each of so many units; those that have ended meanwhile are left out. */
  perUnit(units: number): Record<string, number>;
}

/** Measures processes, by name, from now on. */
export function startCpuMeter(pids: Readonly<Record<string, number>>): CpuMeter {
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, cpuMicroseconds(pid)] as const);
  return {
    perUnit(units) {
      const running = before.filter(([, pid]) => existsSync(`/proc/${pid}/stat`));
      return Object.fromEntries(running.map(([name, pid, used]) => [name, round((cpuMicroseconds(pid) - used) / units, 1)]));
    },
  };
}
