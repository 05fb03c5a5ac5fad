// npm run schemas:register: registers the schemas of all topics, with their compatibility. Safe to repeat.
import { registryOptions } from '@millrace/bus';
import { registerSchemas } from '@millrace/messages';
import { runStep } from './step.ts';

await runStep('schemas:register', 'SCHEMA_REGISTRY_URL', async (config) => {
  const registered = await registerSchemas(registryOptions(config));
  return registered.map(({ subject, id }) => `${subject} (id ${id})`).join(', ');
});
