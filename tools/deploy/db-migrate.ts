// npm run db:migrate: brings the database's tables up to date. Safe to repeat.
import { migrate } from '@millrace/db';
import { readConfig } from './config.ts';
import { runStep } from './step.ts';

await runStep('db:migrate', async () => {
  const config = readConfig();
  const names = await migrate({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL });
  return names.length === 0 ? 'the tables are up to date' : `ran ${names.join(', ')}`;
});
