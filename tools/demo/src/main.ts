import { type DemoOptions, parseOptions, usage } from './options.ts';
import { createProgress } from './progress.ts';
import { runDemo } from './run.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: DemoOptions | 'help';
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (options === 'help') {
    console.log(usage);
    return 0;
  }
  // With --json stdout carries the object and nothing else.
  const progress = createProgress(options.json ? process.stderr : process.stdout);
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(130);
      progress.say(`${signal}: stopping; once more ends at once`);
      interrupt.abort(new Error('interrupted'));
    });
  }
  try {
    const { report, text } = await runDemo(options, progress, interrupt.signal);
    if (options.json) console.error(text);
    console.log(options.json ? JSON.stringify(report) : text);
    return report.accounts_exact ? 0 : 1;
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    progress.end();
    console.error(`The demo failed: ${(error as Error).message}`);
    if (process.env.DEBUG) console.error(error);
    return 1;
  }
}
