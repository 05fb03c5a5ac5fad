// npm run topics:apply: creates and checks the topics and their dead-letter topics. Safe to repeat.
import { applyTopics, clusterOptions } from '@millrace/bus';
import { createLogger } from '@millrace/runtime';
import { readConfig } from './config.ts';
import { runStep } from './step.ts';

await runStep('topics:apply', async () => {
  const logger = createLogger('topics-apply', 'warn');
  const { created, kept } = await applyTopics({ ...clusterOptions(readConfig()), logger });
  return `${created.length} topics created, ${kept.length} were there`;
});
