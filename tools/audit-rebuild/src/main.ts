// npm run audit:rebuild -- --into DATABASE: the audit logger's tables anew from the topic, held against the live ones.
import { translateDatabaseError } from '@millrace/db';
import { readConfig } from '@millrace/deploy';
import { type Options, parseOptions, usage } from './options.ts';
import { rebuild } from './rebuild.ts';
import { formatRebuilt, isEqual, toJson } from './report.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: Options | null;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options === null) {
    console.log(usage);
    return 0;
  }
  try {
    const rebuilt = await rebuild(readConfig(), options);
    console.log(options.json ? JSON.stringify(toJson(rebuilt)) : formatRebuilt(rebuilt));
    return isEqual(rebuilt) ? 0 : 1;
  } catch (error) {
    const translated = translateDatabaseError(error);
    console.error(`audit:rebuild: ${translated instanceof Error ? translated.message : String(translated)}`);
    return 1;
  }
}
