import { busSettings } from '@millrace/bus';
import { databaseSettings, secretSettings } from '@millrace/db';
import { z } from 'zod';
import { authFaults, authSettings } from './identity/auth-settings.ts';

/** All settings of the service; parsed once, in main.ts. */
export const configSchema = z
  .object({
    ...busSettings,
    ...databaseSettings,
    ...secretSettings,
    ...authSettings,
    /** Where the REST API listens. */
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
    /** Requests that a tenant may make in a window, counted by each process for itself; 0: as many as it likes. */
    API_RATE_LIMIT: z.coerce.number().int().min(0).default(5_000),
    API_RATE_WINDOW_SECONDS: z.coerce.number().int().min(1).max(3_600).default(10),
    /** Health and metrics. */
    HEALTH_HOST: z.string().default('127.0.0.1'),
    HEALTH_PORT: z.coerce.number().int().min(0).max(65535).default(8090),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  })
  .superRefine((config, context) => {
    for (const [setting, message] of authFaults(config, config.API_HOST)) context.addIssue({ code: 'custom', path: [setting], message });
  });

export type Config = z.output<typeof configSchema>;
