export { atLeast, atMost, type Benchmark, createResult } from './benchmark.ts';
export { runBenchmarks } from './run-benchmarks.ts';
