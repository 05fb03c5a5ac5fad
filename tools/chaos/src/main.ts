// npm run chaos [-- NAME …] [-- --json]
import { runBenchmarks } from '@millrace/bench';
import { clockSteps } from './clock-steps.ts';
import { log } from './log.ts';
import { scaleOut } from './scale-out.ts';
import { schedulers } from './schedulers.ts';
import { simulation } from './simulation.ts';

await runBenchmarks({ schedulers, 'clock-steps': clockSteps, log, 'scale-out': scaleOut, simulation });
