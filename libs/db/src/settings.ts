import { z } from 'zod';
import { parseSecretKeys } from './secret-seal.ts';

/** What every service that uses the database spreads into its own settings. */
export const databaseSettings = {
  DATABASE_URL: z.string().refine((text) => /^(mysql|mariadb):\/\//.test(text) && URL.canParse(text) && new URL(text).pathname.length > 1, {
    message: 'Expected a URL like mysql://user:password@host:port/database',
  }),
  DATABASE_SSL: z.stringbool().default(false),
};

/** What services that keep or send secrets spread into their settings. Without it there are no secrets. */
export const secretSettings = {
  SECRETS_KEY: z
    .string()
    .transform((text, context) => {
      const keys = parseSecretKeys(text);
      if (keys) return keys;
      context.addIssue({ code: 'custom', message: 'Expected 32 bytes as base64 or hexadecimal digits; several keys separated by commas' });
      return z.NEVER;
    })
    .optional(),
};
