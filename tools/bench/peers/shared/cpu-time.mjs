import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** CPU time of a process, of its children, and of those that it has waited for, in µs. */
export function cpuMicrosecondsOfTree(pid) {
  const root = readStat(pid);
  if (root === null) return 0;
  let ticks = root.own + root.reaped;
  for (const name of pid === process.pid ? [] : readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(name) : null;
    if (stat?.parent === pid) ticks += stat.own;
  }
  return (ticks * 1_000_000) / ticksPerSecond;
}

/** null where the process has ended. */
function readStat(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    return { parent: fields[1], own: fields[11] + fields[12], reaped: fields[13] + fields[14] };
  } catch {
    return null;
  }
}
