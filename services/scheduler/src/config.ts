import { busSettings } from '@millrace/bus';
import { databaseSettings } from '@millrace/db';
import { parseConfig } from '@millrace/runtime';
import { z } from 'zod';

const settings = z.object({
  ...busSettings,
  ...databaseSettings,
  HEALTH_HOST: z.string().default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(9_104),
  LOG_LEVEL: z.string().default('info'),
  /** How often due instances are read, in milliseconds; what is due within 5 s is sent at its own millisecond. */
  POLL_MS: z.coerce.number().int().min(50).max(5_000).default(500),
  /** How long nobody has touched an instance that is neither terminal nor parked until it is resumed, in milliseconds. */
  SWEEP_AFTER_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(180_000),
  /** Most due instances held in memory. */
  MAX_DUE: z.coerce.number().int().min(1).max(100_000).default(3_000),
});

export type Config = z.output<typeof settings>;

/** Parses the environment once; throws one error that names every fault. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(settings, env);
}
