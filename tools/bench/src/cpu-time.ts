import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** CPU time that a process has used, in µs; from the operating system. */
export function cpuMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / ticksPerSecond;
}
