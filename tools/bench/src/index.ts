export { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
export { killInTurn } from './kill-in-turn.ts';
export { runBenchmarks } from './run-benchmarks.ts';
