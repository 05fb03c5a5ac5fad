import { performance } from 'node:perf_hooks';
import { gauge, totalGauge } from './metrics.ts';

let registered = false;

/** Registers the process's own metrics, once. */
export function registerProcessMetrics(): void {
  if (registered) return;
  registered = true;
  let last = performance.eventLoopUtilization();
  totalGauge('process_cpu_seconds', 'CPU time of the process, user and system', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge('process_resident_memory_bytes', 'resident memory', () => process.memoryUsage.rss());
  gauge('nodejs_heap_used_bytes', 'used JavaScript heap', () => process.memoryUsage().heapUsed);
  gauge('nodejs_eventloop_utilization', 'share of time that the event loop was busy since it was last read', () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  });
}
