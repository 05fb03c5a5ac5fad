import { busSettings } from '@millrace/bus';
import { databaseSettings } from '@millrace/db';
import { parseConfig } from '@millrace/runtime';
import { z } from 'zod';

const schema = z.object({ ...busSettings, ...databaseSettings });

// Where `npm run stack -- up` puts the database; the bus's settings have such defaults themselves.
const nativeStack = { DATABASE_URL: 'mysql://millrace:millrace@127.0.0.1:13306/millrace' };

export type Config = z.output<typeof schema>;

/** The settings of the deploy steps: the services' own, so that both always mean the same places. */
export const readConfig = (): Config => parseConfig(schema, { ...nativeStack, ...process.env });
