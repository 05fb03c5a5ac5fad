import type { Benchmark } from './benchmark.ts';
import { match } from './match.ts';
import { tasks } from './tasks.ts';
import { timers } from './timers.ts';

/** Every benchmark by its name. */
export const benchmarks: Record<string, Benchmark> = { match, timers, tasks };
