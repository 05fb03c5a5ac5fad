// npm run db:migrate: brings the database's tables up to date. Safe to repeat.
import { migrate } from '@millrace/db';
import { runStep } from './step.ts';

await runStep('db:migrate', 'DATABASE_URL', async (config) => {
  const names = await migrate({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL });
  return names.length === 0 ? 'the tables are up to date' : `ran ${names.join(', ')}`;
});
