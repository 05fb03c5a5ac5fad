import { busSettings } from '@millrace/bus';
import { databaseSettings } from '@millrace/db';
import { parseConfig } from '@millrace/runtime';
import { z } from 'zod';

const settings = z.object({
  ...busSettings,
  ...databaseSettings,
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(9_105),
  LOG_LEVEL: z.string().default('info'),
  /** Most records that one batch takes; it is written in transactions of about 2,000 entries. */
  BATCH_RECORDS: z.coerce.number().int().min(1).max(10_000).default(4_000),
  /** Bytes of records taken from Kafka and not yet done; beyond it partitions pause. */
  MAX_QUEUED_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(64 * 1024 * 1024),
});

export type Config = z.output<typeof settings>;

/** Parses the environment once; throws one error that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(settings, env);
}
