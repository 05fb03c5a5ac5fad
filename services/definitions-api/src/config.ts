import { busSettings } from '@millrace/bus';
import { databaseSettings } from '@millrace/db';
import { z } from 'zod';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** All settings of the service; parsed once, in main.ts. */
export const configSchema = z
  .object({
    ...busSettings,
    ...databaseSettings,
    /** Where the REST API listens. */
    API_HOST: z.string().default('127.0.0.1'),
    API_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
    /** Health and metrics. */
    HEALTH_HOST: z.string().default('127.0.0.1'),
    HEALTH_PORT: z.coerce.number().int().min(0).max(65535).default(8090),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    /** `headers`: a trusted gateway sets X-Tenant-ID, X-User-ID and X-User-Role. */
    AUTH_MODE: z.enum(['headers']).default('headers'),
    /** Says that nothing but the gateway can reach the API. */
    AUTH_HEADERS_TRUSTED: z.stringbool().default(false),
    /** Where set, requests must carry it as X-Gateway-Secret. */
    AUTH_SHARED_SECRET: z.string().min(16).optional(),
  })
  .superRefine((config, context) => {
    if (loopback.has(config.API_HOST) || config.AUTH_HEADERS_TRUSTED || config.AUTH_SHARED_SECRET !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['API_HOST'],
      message:
        'Expected a loopback address, since identity is taken from headers; set AUTH_HEADERS_TRUSTED=true or AUTH_SHARED_SECRET to listen elsewhere',
    });
  });

export type Config = z.output<typeof configSchema>;
