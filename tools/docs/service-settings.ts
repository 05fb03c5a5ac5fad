import { readFileSync } from 'node:fs';
import { busSettings } from '@millrace/bus';
import { databaseSettings, secretSettings } from '@millrace/db';
import { root } from './documents.ts';

const shared = { ...busSettings, ...databaseSettings, ...secretSettings };
/** What a service can't do without. */
const needed = { DATABASE_URL: 'mysql://user@host/database' };

/** The settings that services share, with their defaults. */
export function sharedSettings(): Record<string, string | null> {
  const defaults = Object.entries(shared).map(([name, schema]) => [name, schema.safeParse(undefined).data]);
  return defaultsOf(Object.keys(shared), Object.fromEntries(defaults));
}

/** The settings that only this service has, with their defaults; as its config.ts says, and what that spreads from beside it. */
export async function ownSettings(service: string): Promise<Record<string, string | null>> {
  const folder = `${root}services/${service}/src`;
  const text = readFileSync(`${folder}/config.ts`, 'utf8');
  const beside = [...text.matchAll(/from '(\.\/[^']+)'/g)].map(([, file]) => readFileSync(`${folder}/${file}`, 'utf8'));
  const names = [text, ...beside].flatMap((source) =>
    [...source.matchAll(/^ +([A-Z][A-Z0-9_]+): (?:z|\w+Schema)\b/gm)].map(([, name]) => name as string),
  );
  return defaultsOf(names, await readConfigOf(`${folder}/config.ts`));
}

interface ConfigModule {
  readConfig?: () => Record<string, unknown>;
  configSchema?: { parse(env: object): Record<string, unknown> };
}

async function readConfigOf(file: string): Promise<Record<string, unknown>> {
  const { readConfig, configSchema } = (await import(file)) as ConfigModule;
  const config = readConfig?.() ?? configSchema?.parse(needed);
  if (config === undefined) throw new Error(`Expected readConfig or configSchema in ${file}, but there is neither`);
  return config;
}

function defaultsOf(names: string[], config: Record<string, unknown>): Record<string, string | null> {
  return Object.fromEntries(names.map((name) => [name, String(config[name] ?? '') || null]));
}
