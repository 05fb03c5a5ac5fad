import { z } from 'zod';

/** What every service that uses the database spreads into its own settings. */
export const databaseSettings = {
  DATABASE_URL: z.string().refine((text) => /^(mysql|mariadb):\/\//.test(text) && URL.canParse(text) && new URL(text).pathname.length > 1, {
    message: 'Expected a URL like mysql://user:password@host:port/database',
  }),
  DATABASE_SSL: z.stringbool().default(false),
};
