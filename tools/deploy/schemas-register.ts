// npm run schemas:register: registers the schemas of all topics, with their compatibility. Safe to repeat.
import { registryOptions } from '@millrace/bus';
import { registerSchemas } from '@millrace/messages';
import { readConfig } from './config.ts';
import { runStep } from './step.ts';

await runStep('schemas:register', async () => {
  const registered = await registerSchemas(registryOptions(readConfig()));
  return registered.map(({ subject, id }) => `${subject} (id ${id})`).join(', ');
});
