import { busSettings } from '@millrace/bus';
import { parseConfig } from '@millrace/runtime';
import { z } from 'zod';

const settings = z.object({
  ...busSettings,
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(9_102),
  LOG_LEVEL: z.string().default('info'),
  /** Most events that one send answers for. */
  BATCH_EVENTS: z.coerce.number().int().min(1).max(10_000).default(500),
  /** Bytes of events taken from Kafka and not yet done; beyond it partitions pause. */
  MAX_QUEUED_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(256 * 1024 * 1024),
});

export type Config = z.output<typeof settings>;

/** Parses the environment once; throws one error that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(settings, env);
}
