import { clusterOptions, connectBus, registryOptions } from '@millrace/bus';
import { connectDatabase } from '@millrace/db';
import { createCodec } from '@millrace/messages';
import { aborted, createLogger, parseConfig, startHealth, startTelemetry, stopSignal } from '@millrace/runtime';
import { createApp } from './app.ts';
import { startIdempotencyPurge } from './changes/idempotency-purge.ts';
import { createSender } from './command-sender.ts';
import { configSchema } from './config.ts';
import { startDefinitionsUpkeep } from './definitions-upkeep.ts';
import { createAuthenticate } from './identity/auth-settings.ts';
import { startRelay } from './relay.ts';
import { startServer } from './server.ts';
import { startTemplateSeeding } from './templates/built-in-templates.ts';

const config = parseConfig(configSchema, process.env);
const stop = stopSignal();
const logger = createLogger('definitions-api', config.LOG_LEVEL);

await using telemetry = await startTelemetry('definitions-api');
await using database = await connectDatabase({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL });
const codec = createCodec(registryOptions(config));
await using bus = await connectBus({ ...clusterOptions(config), clientId: 'definitions-api', codec, logger });
await using sender = createSender(bus);
await using relay = startRelay({ database, sender, codec, logger });
await using _upkeep = startDefinitionsUpkeep({ database, bus, sender, codec, logger, onMarked: relay.wake });
await using _seeding = startTemplateSeeding({ database, logger });
await using _purge = startIdempotencyPurge({ database, logger });
const app = createApp({
  database,
  codec,
  sender,
  logger,
  onDefinitionChanged: relay.wake,
  now: Date.now,
  secretKeys: config.SECRETS_KEY ?? null,
  authenticate: createAuthenticate(config, { database, now: Date.now }),
  rateLimit: { requests: config.API_RATE_LIMIT, windowSeconds: config.API_RATE_WINDOW_SECONDS },
  topicPrefix: config.TOPIC_PREFIX,
});
await using _health = await startHealth({
  host: config.HEALTH_HOST,
  port: config.HEALTH_PORT,
  ready: async () => {
    await database.ping();
    return { ready: true };
  },
  telemetry,
});
await using server = await startServer(app, { host: config.API_HOST, port: config.API_PORT });
logger.info({ host: config.API_HOST, port: server.port }, 'listening');

await aborted(stop);
logger.info('stopping');
