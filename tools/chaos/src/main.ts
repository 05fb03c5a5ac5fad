// npm run chaos [-- NAME …] [-- --json]
import { runBenchmarks } from '@millrace/bench';
import { schedulers } from './schedulers.ts';

await runBenchmarks({ schedulers });
