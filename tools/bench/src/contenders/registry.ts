import type { BenchContext } from '../benchmark.ts';
import type { Contender } from './contender.ts';
import { startOurs } from './millrace.ts';
import { startPeer } from './peer.ts';
import { startPipeline } from './pipeline.ts';

export interface ContenderSpec {
  label: string;
  /** Of the events of a round: a slow one takes fewer, so that its round lasts a few seconds too. */
  share: number;
  /** Our rate by its one is to be at least this. */
  timesAtLeast?: number;
  start(context: BenchContext, rounds: number): Promise<Contender>;
}

export const ours: ContenderSpec = { label: 'Millrace', share: 1, start: startOurs };

const peer = (folder: string, driver: string) => (context: BenchContext) => startPeer(folder, driver, context.say);

/** Whom we are measured against, by the name that `--peers` takes. */
export const peers = {
  bare: {
    label: 'bare pipeline into our tables (the ceiling)',
    share: 1,
    timesAtLeast: 0.5,
    start: (context: BenchContext, rounds: number) => startPipeline('bare', rounds, context),
  },
  naive: {
    label: 'our engine, one row and one message at a time',
    share: 0.2,
    timesAtLeast: 8,
    start: (context: BenchContext, rounds: number) => startPipeline('naive', rounds, context),
  },
  restate: { label: 'Restate 1.7, fire and forget', share: 0.5, timesAtLeast: 5, start: peer('restate', 'driver.mjs') },
  dbos: { label: 'DBOS 5.3', share: 0.25, timesAtLeast: 10, start: peer('dbos', 'driver.mjs') },
  'graphile-worker': {
    label: 'graphile-worker 0.18, a job a step',
    share: 0.25,
    timesAtLeast: 6,
    start: peer('graphile-worker', 'chain.mjs'),
  },
  'graphile-worker-steps': {
    label: 'graphile-worker 0.18, one job, steps recorded by hand',
    share: 1,
    start: peer('graphile-worker', 'steps.mjs'),
  },
} satisfies Record<string, ContenderSpec>;

export type PeerName = keyof typeof peers;
export const peerNames = Object.keys(peers) as PeerName[];
