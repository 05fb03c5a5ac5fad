import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { RetryableError, TerminalError } from '@millrace/runtime';
import { readSchema } from './schema-files.ts';
import type { Topic } from './topics.ts';

export interface RegistrySettings {
  /** The Confluent API's base. */
  url: string;
  auth?: { username: string; password: string } | undefined;
  /** Put before topic names and so before subjects. */
  topicPrefix?: string | undefined;
}

const timeoutMs = 5_000;

export function subjectOf(topic: Topic<unknown>, topicPrefix = ''): string {
  return `${topicPrefix}${topic.name}-value`;
}

export function unavailable(cause: unknown): RetryableError {
  return new RetryableError('registry_unavailable', 'Expected the schema registry to answer, but it did not', { cause });
}

export function connectClient({ url, auth }: RegistrySettings): SchemaRegistry {
  return new SchemaRegistry({ host: url.replace(/\/$/, ''), ...(auth === undefined ? {} : { auth }), retry: { retries: 1 } });
}

/** One request, answered with the status and the parsed body. Throws RetryableError `registry_unavailable` for anything but 2xx and 4xx. */
export async function requestRegistry(
  { url, auth }: RegistrySettings,
  path: string,
  init: { method?: string; body?: unknown } = {},
): Promise<{ status: number; body: unknown }> {
  const headers: Record<string, string> = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
  if (auth !== undefined) headers.authorization = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}${path}`, {
      method: init.method ?? 'GET',
      headers,
      signal: AbortSignal.timeout(timeoutMs),
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    const text = await response.text();
    if (response.status >= 500 || [401, 403, 408, 429].includes(response.status))
      throw new Error(`${response.status} ${text.slice(0, 200)}`);
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    throw unavailable(error);
  }
}

/** Registers a topic's schema under its subject, with the topic's compatibility, and answers its id. Registering again changes nothing. */
export async function registerSchema(settings: RegistrySettings, topic: Topic<unknown>, schemasDir?: string): Promise<number> {
  const subject = subjectOf(topic, settings.topicPrefix);
  const config = { method: 'PUT', body: { compatibility: topic.compatibility } };
  const { text } = readSchema(topic.schemaFile, schemasDir);
  const configured = await requestRegistry(settings, `/config/${encodeURIComponent(subject)}`, config);
  try {
    const registered = await connectClient(settings).register(
      { type: SchemaType.AVRO, schema: text },
      { subject, compatibility: topic.compatibility as never, updateConfig: false },
    );
    if (configured.status !== 200) await requestRegistry(settings, `/config/${encodeURIComponent(subject)}`, config);
    return registered.id;
  } catch (error) {
    const status = (error as { status?: number }).status;
    if (status === 409 || status === 422) {
      throw new TerminalError(
        'schema_incompatible',
        `Expected schemas/${topic.schemaFile} to fit ${subject}, but the registry refused it`,
        { cause: error },
      );
    }
    throw unavailable(error);
  }
}
