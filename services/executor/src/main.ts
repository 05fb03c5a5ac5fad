import { clusterOptions, connectBus, registryOptions, startConsumer } from '@millrace/bus';
import { connectDatabase } from '@millrace/db';
import { createCodec, topics } from '@millrace/messages';
import { aborted, createLogger, gauge, startHealth, startTelemetry, stopSignal } from '@millrace/runtime';
import { Backlog } from './backlog.ts';
import { Committer } from './committer.ts';
import { readConfig } from './config.ts';
import { Dispatcher } from './dispatcher.ts';
import { connectEffects } from './effects/index.ts';
import type { Engine } from './engine.ts';
import { InstanceStore } from './instance-store.ts';
import { Publisher } from './publisher.ts';
import { StartRate } from './start-rate.ts';
import { Turns } from './turns.ts';
import { VersionCache } from './version-cache.ts';
import { followDefinitions, WorkflowStates } from './workflow-states.ts';

const mostUnacknowledgedBytes = 32 * 1024 * 1024;

const config = readConfig();
const stop = stopSignal();
const logger = createLogger('executor', config.LOG_LEVEL);
await using telemetry = await startTelemetry('executor');
await using database = await connectDatabase({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL });
const codec = createCodec(registryOptions(config));
await using bus = await connectBus({ ...clusterOptions(config), clientId: 'executor', codec, logger });
const backlog = new Backlog(mostUnacknowledgedBytes);
const publisher = new Publisher(bus, backlog, logger);
const states = new WorkflowStates();
await using definitions = await followDefinitions(bus, codec, states, logger);
await using connected = connectEffects({
  states,
  database,
  stopping: stop,
  http: { allowed: config.HTTP_ALLOWED_ORIGINS, signingKey: config.WEBHOOK_SIGNING_KEY },
  crm: { publisher: new Publisher(bus, backlog, logger), codec },
  email: { smtpUrl: config.SMTP_URL, from: config.EMAIL_FROM },
  sms: { apiUrl: config.SMS_API_URL, accountSid: config.SMS_ACCOUNT_SID, authToken: config.SMS_AUTH_TOKEN, from: config.SMS_FROM },
});
const engine: Engine = {
  store: new InstanceStore({ database, committer: new Committer(database, logger), publisher, codec, states, logger }),
  connected,
  states,
  backlog,
  turns: new Turns({ tenant: config.TENANT_CONCURRENCY, host: config.HOST_CONCURRENCY, byHost: connected.mostAtOnceByHost }),
  stopping: stop,
  detached: new Set(),
  logger,
};
const dispatcher = new Dispatcher({
  engine,
  bus,
  codec,
  database,
  versions: new VersionCache(database),
  rate: new StartRate(config.STARTS_PER_HOUR),
  logger,
});
gauge('millrace_executor_queued_commands', 'Commands that wait for their turn', () => dispatcher.queuedCommands);
gauge('millrace_executor_activities', 'Instances that are being run', () => dispatcher.activities);
gauge('millrace_executor_unacknowledged_bytes', 'Bytes that the brokers have not acknowledged yet', () => backlog.bytes);
await using consumer = await startConsumer({
  bus,
  groupId: `${config.GROUP_PREFIX}executor`,
  topics: [topics.workflowCommands],
  fromBeginning: true,
  maxQueuedBytes: config.QUEUE_BYTES,
  onRecords: (records) => dispatcher.take(records),
});
await using health = await startHealth({
  host: config.HEALTH_HOST,
  port: config.HEALTH_PORT,
  telemetry,
  live: () => consumer.isRunning(),
  ready: async () => {
    await database.ping();
    return { ready: consumer.isRunning(), definitions: { applied: definitions.appliedOffsets() } };
  },
});
logger.info({ port: health.port }, 'executor is ready');

await aborted(stop);
logger.info({ activities: dispatcher.activities }, 'executor is stopping');
await dispatcher.drain();
await consumer.stop({ drainMs: 0 });
