import { clusterOptions, connectBus, registryOptions, startConsumer } from '@millrace/bus';
import { connectDatabase, startDatabaseClock } from '@millrace/db';
import { createCodec, topics } from '@millrace/messages';
import { aborted, createLogger, startHealth, startTelemetry, stopSignal } from '@millrace/runtime';
import { Backlog } from './backlog.ts';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { createDispatcher } from './create-dispatcher.ts';
import { DailyAllowances } from './daily-allowance.ts';
import { connectEffects } from './effects/index.ts';
import { startJanitor } from './janitor.ts';
import { Publisher } from './publisher.ts';
import { startRetention } from './retention.ts';
import { Retirement } from './retirement.ts';
import { Secrets } from './secrets.ts';
import { TenantSettings } from './tenant-settings.ts';
import { followDefinitions, WorkflowStates } from './workflow-states.ts';

const mostUnacknowledgedBytes = 32 * 1024 * 1024;

const config = readConfig();
const stopping = stopSignal();
const logger = createLogger('executor', config.LOG_LEVEL);
await using telemetry = await startTelemetry('executor');
await using database = await connectDatabase({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL });
await using time = await startDatabaseClock(database, logger);
const clock = { ...systemClock, now: time.nowMs };
const codec = createCodec(registryOptions(config));
await using bus = await connectBus({ ...clusterOptions(config), clientId: 'executor', codec, logger });
const backlog = new Backlog(mostUnacknowledgedBytes);
const publisher = new Publisher(bus, backlog, logger);
const states = new WorkflowStates();
await using retirement = new Retirement({ database, publisher, codec, logger });
await using definitions = await followDefinitions(bus, codec, states, (id, reason) => retirement.retire(id, reason), logger);
const tenants = new TenantSettings(database);
await using allowances = new DailyAllowances(database, clock);
await using connected = connectEffects({
  states,
  database,
  stopping,
  http: {
    allowed: config.HTTP_ALLOWED_ORIGINS,
    signingKey: config.WEBHOOK_SIGNING_KEY,
    secrets: new Secrets(database, config.SECRETS_KEY),
  },
  crm: { publisher, codec },
  email: { smtpUrl: config.SMTP_URL, from: config.EMAIL_FROM, tenants },
  sms: { apiUrl: config.SMS_API_URL, accountSid: config.SMS_ACCOUNT_SID, authToken: config.SMS_AUTH_TOKEN, from: config.SMS_FROM },
});
const dispatcher = createDispatcher({
  config,
  bus,
  clock,
  codec,
  database,
  publisher,
  backlog,
  states,
  connected,
  tenants,
  allowances,
  stopping,
  logger,
});
await using consumer = await startConsumer({
  bus,
  groupId: `${config.GROUP_PREFIX}executor`,
  topics: [topics.workflowCommands],
  fromBeginning: true,
  maxQueuedBytes: config.QUEUE_BYTES,
  onRecords: (records) => dispatcher.take(records),
});
const isReady = () => consumer.isRunning() && definitions.isRunning();
await using health = await startHealth({
  host: config.HEALTH_HOST,
  port: config.HEALTH_PORT,
  telemetry,
  ready: async () => {
    await database.ping();
    return { ready: isReady(), definitions: { applied: definitions.appliedOffsets() } };
  },
});
await using _janitor = startJanitor({ database, logger });
const days = { history: config.RETENTION_DAYS, deadLetters: config.DEAD_LETTER_DAYS };
await using _retention = startRetention({ database, clock, days, logger });
logger.info({ port: health.port }, 'executor is ready');

await aborted(stopping);
logger.info({ activities: dispatcher.activities }, 'executor is stopping');
// What waits for a broker or a database that is away must not keep the process: nothing of it is lost.
setTimeout(() => process.exit(1), config.STOP_TIMEOUT_SECONDS * 1_000).unref();
await dispatcher.drain();
await consumer.stop({ drainMs: 0 });
