import { clusterOptions, connectBus, type InRecord, registryOptions, startConsumer } from '@millrace/bus';
import { connectDatabase } from '@millrace/db';
import { createCodec, topics } from '@millrace/messages';
import { aborted, createLogger, gauge, startBatches, startHealth, startTelemetry, stopSignal } from '@millrace/runtime';
import { readConfig } from './config.ts';
import { followDeadLetters } from './dead-letters/follow-dead-letters.ts';
import { writeBatch } from './write-batch.ts';

const service = 'audit-logger';
const config = readConfig();
const stop = stopSignal();
const logger = createLogger(service, config.LOG_LEVEL);

await using telemetry = await startTelemetry(service);
await using db = await connectDatabase({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL, poolSize: 3 });
const codec = createCodec(registryOptions(config));
await using bus = await connectBus({ ...clusterOptions(config), clientId: service, codec, logger });
await using batches = startBatches<InRecord>({
  name: 'log records',
  maxItems: config.BATCH_RECORDS,
  runBatch: (records) => writeBatch(records, { bus, codec, db, logger }),
  logger,
});
await using consumer = await startConsumer({
  bus,
  groupId: `${config.GROUP_PREFIX}${service}`,
  topics: [topics.executionLog],
  onRecords: (records) => batches.push(records),
  maxQueuedBytes: config.MAX_QUEUED_BYTES,
});
await using deadLetters = await followDeadLetters({ bus, db, groupId: `${config.GROUP_PREFIX}${service}-dead-letters`, logger });
gauge('millrace_audit_lag', 'log records not yet written', () => consumer.lag());
await using _health = await startHealth({
  host: config.HEALTH_HOST,
  port: config.HEALTH_PORT,
  telemetry,
  ready: async () => {
    await db.ping();
    return {
      ready: consumer.isRunning() && deadLetters.isRunning(),
      retrying: batches.failing,
      lag: consumer.lag(),
      dead_letters: { retrying: deadLetters.failing, lag: deadLetters.lag() },
    };
  },
});
logger.info('audit-logger is ready');
await aborted(stop);
