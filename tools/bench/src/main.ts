// npm run bench [-- NAME …] [-- --json]
import { benchmarks } from './benchmarks.ts';
import { runBenchmarks } from './run-benchmarks.ts';

await runBenchmarks(benchmarks);
