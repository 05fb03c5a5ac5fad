import { type Config, readConfig } from './config.ts';

/** Where a step works, by the setting that says it. */
export type Place = 'DATABASE_URL' | 'SCHEMA_REGISTRY_URL' | 'KAFKA_BROKERS';

/** Runs one deploy step: what it says on stdout, or one line of why it failed and where, and exit code 1. */
export async function runStep(name: string, place: Place, step: (config: Config) => Promise<string>): Promise<void> {
  let where = '';
  try {
    const config = readConfig();
    where = ` (${place} is ${String(config[place]).replace(/:[^:/@]*@/, ':…@')})`;
    console.log(`${name}: ${await step(config)}`);
  } catch (error) {
    console.error(`${name}: ${reasonsOf(error)}${where}`);
    process.exitCode = 1;
  }
}

/** The message and those of what caused it, each once. */
function reasonsOf(error: unknown): string {
  const reasons = new Set<string>();
  for (let at = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    const text = at instanceof Error ? at.message || String((at as NodeJS.ErrnoException).code ?? at.name) : String(at);
    if (![...reasons].some((known) => known.includes(text))) reasons.add(text);
  }
  return [...reasons].join(': ');
}
