import { type CompactedReader, clusterOptions, connectBus, type InRecord, registryOptions, startConsumer } from '@millrace/bus';
import { createCodec, topics } from '@millrace/messages';
import { aborted, createLogger, FairQueue, gauge, startBatches, startHealth, startTelemetry, stopSignal } from '@millrace/runtime';
import { readConfig } from './config.ts';
import { followDefinitions } from './definitions-reader.ts';
import { createTriggerIndex } from './index/trigger-index.ts';
import { matchBatch } from './matching.ts';

const service = 'trigger-matcher';
/** Events of a batch while several tenants wait. */
const sharedBatch = 128;
const config = readConfig();
const stop = stopSignal();
const logger = createLogger(service, config.LOG_LEVEL);
// A stop while it still reads the definitions is no error.
await run().catch((error: unknown) => {
  if (!stop.aborted) throw error;
});

async function run(): Promise<void> {
  await using telemetry = await startTelemetry(service);
  const codec = createCodec(registryOptions(config));
  await using bus = await connectBus({ ...clusterOptions(config), clientId: service, codec, logger });
  const index = createTriggerIndex();
  let definitions: CompactedReader | undefined;
  let isConsuming = () => false;
  await using _health = await startHealth({
    host: config.HEALTH_HOST,
    port: config.HEALTH_PORT,
    telemetry,
    ready: async () => ({
      ready: isConsuming(),
      workflows: index.workflows,
      definitions: { applied: definitions?.appliedOffsets() ?? {} },
    }),
  });
  await using reader = await followDefinitions({ bus, codec, index, logger, signal: stop });
  definitions = reader;
  const queue = new FairQueue<InRecord>((record) => record.key?.toString('utf8') ?? '', { sharedMost: sharedBatch });
  await using batches = startBatches<InRecord>({
    name: 'events',
    maxItems: config.BATCH_EVENTS,
    runBatch: (records) => matchBatch(records, { bus, codec, index, logger }),
    queue,
    logger,
  });
  await using consumer = await startConsumer({
    bus,
    groupId: `${config.GROUP_PREFIX}${service}`,
    topics: [topics.crmEvents, topics.workflowEvents],
    onRecords: (records) => batches.push(records),
    maxQueuedBytes: config.MAX_QUEUED_BYTES,
  });
  isConsuming = consumer.isRunning;
  gauge('millrace_matcher_lag', 'events not yet handled', () => consumer.lag());
  gauge('millrace_matcher_queued_events', 'undecoded events that wait for their turn', () => queue.size);
  gauge('millrace_matcher_queued_bytes', 'bytes of undecoded events that wait for their turn', () => queue.bytes);
  gauge('millrace_matcher_queued_tenants', 'tenants whose events wait for their turn', () => queue.keys);
  gauge('millrace_matcher_workflows', 'workflows in the index', () => index.workflows);
  logger.info({ workflows: index.workflows }, 'trigger-matcher is ready');
  await aborted(stop);
}
