import { topics } from '@millrace/messages';
import { followDefinitions } from '../../../../services/trigger-matcher/src/definitions-reader.ts';
import { createEventCommands } from '../../../../services/trigger-matcher/src/event-commands.ts';
import { createTriggerIndex } from '../../../../services/trigger-matcher/src/index/trigger-index.ts';
import { runOneAtATime } from './one-at-a-time.ts';

// The trigger matcher's own index and commands; each command is a send of its own.
await runOneAtATime('matcher', topics.crmEvents, async ({ bus, codec, logger }) => {
  const index = createTriggerIndex();
  await followDefinitions({ bus, codec, index, logger, signal: new AbortController().signal });
  return async (record) => {
    for await (const command of createEventCommands(record, { codec, index })) await bus.publish([command]);
  };
});
