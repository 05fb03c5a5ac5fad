import { readFileSync } from 'node:fs';

/** Watches how much memory processes hold; answers the most that any held, in MB. */
export function watchMemory(pids: Record<string, number>): { stop(): Record<string, number> } {
  const most: Record<string, number> = {};
  const look = () => {
    for (const [name, pid] of Object.entries(pids)) most[name] = Math.max(most[name] ?? 0, residentMb(pid));
  };
  look();
  const timer = setInterval(look, 250);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}

/** What a process holds in memory, in MB; 0 where it has ended. */
export function residentMb(pid: number): number {
  try {
    const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Math.round(Number(match?.[1] ?? 0) / 1_024);
  } catch {
    return 0;
  }
}
