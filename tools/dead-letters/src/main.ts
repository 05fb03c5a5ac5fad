// npm run dead-letters -- list | show | replay | discard: what could not be handled, and what is to be done about it.
import { clusterOptions, connectBus, registryOptions } from '@millrace/bus';
import { connectDatabase, databaseErrorCode, translateDatabaseError } from '@millrace/db';
import { readConfig } from '@millrace/deploy';
import { createCodec } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import { discard } from './discard.ts';
import { list } from './list.ts';
import { type Command, parseCommand, usage } from './options.ts';
import type { Outcome } from './outcome.ts';
import { replay } from './replay.ts';
import { show } from './show.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let command: Command;
  try {
    command = parseCommand(args, Date.now());
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (command.name === 'help') {
    console.log(usage);
    return 0;
  }
  try {
    const { lines, json, hasFailed = false } = await run(command);
    console.log(command.json ? JSON.stringify(json) : lines.join('\n'));
    return hasFailed ? 1 : 0;
  } catch (error) {
    console.error(`dead-letters: ${messageOf(error)}`);
    return 1;
  }
}

async function run(command: Exclude<Command, { name: 'help' }>): Promise<Outcome> {
  const config = readConfig();
  await using db = await connectDatabase({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL, poolSize: 1 });
  const codec = createCodec(registryOptions(config));
  switch (command.name) {
    case 'list':
      return await list(db, command);
    case 'show':
      return await show({ db, codec }, command.ids);
    case 'discard':
      return await discard(db, command.filter);
    case 'replay': {
      const logger = createLogger('dead-letters', 'silent');
      await using bus = await connectBus({ ...clusterOptions(config), clientId: 'dead-letters', codec, logger });
      return await replay({ db, bus }, command.filter);
    }
  }
}

function messageOf(error: unknown): string {
  if (databaseErrorCode(error) === 'ER_NO_SUCH_TABLE') return 'Expected the table dead_letters, but there is none: npm run db:migrate';
  const translated = translateDatabaseError(error);
  return translated instanceof Error ? translated.message : String(translated);
}
