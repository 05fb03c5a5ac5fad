// npm run accounts: what became of every event and every instance, and what doesn't add up.
import { parseArgs } from 'node:util';
import { databaseErrorCode, translateDatabaseError } from '@millrace/db';
import { readConfig } from '@millrace/deploy';
import { balance } from './balance.ts';
import { formatAccounts } from './report.ts';
import { survey } from './survey.ts';

const usage = `Usage: npm run accounts -- [options]
  --json   one JSON object instead of text
Counts from topics and tables, by distinct ids, how every event and every instance ended; exits 1 where that doesn't add up.
It may run beside the services. It reads all that the topics hold: seven days of events and commands.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let json: boolean;
  try {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } } });
    if (values.help === true) {
      console.log(usage);
      return 0;
    }
    json = values.json;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  try {
    const accounts = balance(await survey(readConfig()));
    console.log(json ? JSON.stringify(accounts) : formatAccounts(accounts));
    return accounts.adds_up ? 0 : 1;
  } catch (error) {
    console.error(`accounts: ${messageOf(error)}`);
    return 1;
  }
}

function messageOf(error: unknown): string {
  const translated = translateDatabaseError(error);
  const message = translated instanceof Error ? translated.message : String(translated);
  return databaseErrorCode(error) === 'ER_NO_SUCH_TABLE' ? `${message}: npm run db:migrate` : message;
}
