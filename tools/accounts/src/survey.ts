import { type Bus, clusterOptions, connectBus, registryOptions } from '@millrace/bus';
import { connectDatabase, type Database, findStatDifferences } from '@millrace/db';
import { createKafka, hops, parseStackSettings } from '@millrace/demo';
import type { Config } from '@millrace/deploy';
import { createCodec } from '@millrace/messages';
import { createLogger } from '@millrace/runtime';
import type { Survey } from './balance.ts';
import { readCommands } from './commands.ts';
import { readEvents } from './events.ts';
import { readDefinitions } from './expected-starts.ts';
import { type GroupProgress, readProgress } from './group-progress.ts';
import { deadLetterTopics, readLetters } from './letters.ts';
import { findInstanceIds, findRefusals, readInstances, readTableLetters } from './tables.ts';

const groups = new Map<string, string>([
  ...hops.map(({ topic, group }) => [topic, group] as const),
  ...deadLetterTopics.map(({ name }) => [name, 'audit-logger-dead-letters'] as const),
]);

/** No retention removes what is younger than eight days. */
const untouchedMs = 7 * 86_400_000;

/** Reads the installation that the settings name, while it may be at work. */
export async function survey(config: Config): Promise<Survey> {
  const logger = createLogger('accounts', 'silent');
  await using db = await connectDatabase({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL, poolSize: 1 });
  await db.ping();
  const progress = await progressOf(config);
  const codec = createCodec(registryOptions(config));
  await using bus = await connectBus({ ...clusterOptions(config), clientId: 'accounts', codec, logger });
  return await read(db, bus, progress);
}

/**
 * In this order: how far the groups are, the tables, the topics. What a group is done with has left its traces by then, and whoever
 * holds an instance has a command in the topic.
 */
async function read(db: Database, bus: Bus, progress: GroupProgress): Promise<Survey> {
  const instances = await readInstances(db);
  const [letters, expectStarts] = await Promise.all([readLetters(bus, progress), readDefinitions(bus)]);
  const commands = await readCommands(bus, progress, letters);
  const events = await readEvents(bus, progress, letters, expectStarts);
  const expectedIds = events.flatMap(({ expected }) => expected.map(({ instanceId }) => instanceId));
  const ids = new Set([...commands.startById.keys(), ...expectedIds]);
  const existingIds = await findInstanceIds(db, [...ids]);
  const missing = [...commands.startById.values()].filter(({ instanceId }) => !existingIds.has(instanceId));
  return {
    events,
    commands,
    letters,
    instances,
    existingIds,
    refusals: await findRefusals(db, missing),
    tableLetters: await readTableLetters(db),
    statDifferences: await findStatDifferences(db.pool, Date.now() - untouchedMs),
  };
}

async function progressOf(config: Config): Promise<GroupProgress> {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL, TOPIC_PREFIX, GROUP_PREFIX } = config;
  const settings = parseStackSettings({ ...process.env, KAFKA_BROKERS: KAFKA_BROKERS.join(','), SCHEMA_REGISTRY_URL, DATABASE_URL });
  const admin = createKafka(settings, 'accounts').admin();
  try {
    await admin.connect();
    return await readProgress(admin, groups, { topic: TOPIC_PREFIX, group: GROUP_PREFIX });
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
