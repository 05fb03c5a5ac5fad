import { type RegistrySettings, registerSchema, subjectOf } from './registry.ts';
import { topics } from './topics.ts';

export interface RegisteredSubject {
  subject: string;
  id: number;
}

/**
 * Registers every topic's schema; a deploy step, safe to repeat. Throws TerminalError `schema_incompatible` where the registry refuses
 * one (409), RetryableError `registry_unavailable` where it doesn't answer.
 */
export async function registerSchemas({
  schemasDir,
  ...settings
}: RegistrySettings & { schemasDir?: string }): Promise<RegisteredSubject[]> {
  const registered: RegisteredSubject[] = [];
  for (const topic of Object.values(topics)) {
    registered.push({ subject: subjectOf(topic, settings.topicPrefix), id: await registerSchema(settings, topic, schemasDir) });
  }
  return registered;
}
