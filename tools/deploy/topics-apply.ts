// npm run topics:apply: creates and checks the topics and their dead-letter topics. Safe to repeat.
import { applyTopics, clusterOptions } from '@millrace/bus';
import { createLogger } from '@millrace/runtime';
import { runStep } from './step.ts';

await runStep('topics:apply', 'KAFKA_BROKERS', async (config) => {
  const logger = createLogger('topics-apply', 'error');
  const { created, kept } = await applyTopics({ ...clusterOptions(config), logger });
  return `${created.length} topics created, ${kept.length} were there`;
});
