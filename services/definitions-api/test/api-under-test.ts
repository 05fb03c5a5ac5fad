import { randomBytes, randomUUID } from 'node:crypto';
import type { Bus } from '@millrace/bus';
import type { Database } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import type { Logger } from '@millrace/runtime';
import { createInstallation } from '@millrace/testing';
import { type AppOptions, createApp } from '../src/app.ts';
import { createSender } from '../src/command-sender.ts';
import { identityFromHeaders } from '../src/identity/from-headers.ts';
import { startRelay } from '../src/relay.ts';
import { startServer } from '../src/server.ts';
import { checkConformance } from './conformance.ts';
import { createInstallationWithoutKafka } from './without-kafka.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is looked into freely by tests
  body: any;
}

export interface ApiUnderTest extends AsyncDisposable {
  databaseUrl: string;
  database: Database;
  bus: Bus;
  codec: Codec;
  logger: Logger;
  url: string;
  /** A request of `tenant`; an object body goes as JSON, a text as it is. Throws for an answer that the OpenAPI document doesn't allow. */
  request(
    method: string,
    path: string,
    options?: { tenant?: string | null; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
}

export interface ApiUnderTestOptions extends Partial<Pick<AppOptions, 'rateLimit' | 'now' | 'secretKeys' | 'logger'>> {
  /** Without topics of its own it starts and ends quicker, too. */
  isKafkaAway?: boolean;
  /** Who asks; taken from headers unless given. */
  authenticate?: (database: Database) => AppOptions['authenticate'];
}

/** The API over a database, topics and schemas of its own. */
export async function startApi({ isKafkaAway = false, authenticate, ...options }: ApiUnderTestOptions = {}): Promise<ApiUnderTest> {
  await using stack = new AsyncDisposableStack();
  const { databaseUrl, database, codec, bus, logger } = stack.use(
    isKafkaAway ? await createInstallationWithoutKafka() : await createInstallation('api'),
  );
  const sender = stack.use(createSender(bus));
  const relay = stack.use(startRelay({ database, sender, codec, logger }));
  const app = createApp({
    database,
    codec,
    sender,
    logger,
    onDefinitionChanged: relay.wake,
    now: Date.now,
    secretKeys: [randomBytes(32)],
    authenticate: authenticate?.(database) ?? identityFromHeaders(),
    rateLimit: { requests: 0, windowSeconds: 1 },
    topicPrefix: bus.options.topicPrefix,
    ...options,
  });
  const server = stack.use(await startServer(app, { host: '127.0.0.1', port: 0 }));
  const url = `http://127.0.0.1:${server.port}`;
  const owned = stack.move();
  return {
    databaseUrl,
    database,
    bus,
    codec,
    logger,
    url,
    request: async (method, path, { tenant = 'tenant-123', body, headers = {} } = {}) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(tenant === null ? {} : { 'X-Tenant-ID': tenant }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer = { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
      const contentType = response.headers.get('content-type') ?? '';
      checkConformance({ method, path, requestBody: parsedBody(body), contentType, status: answer.status, body: answer.body });
      return answer;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function parsedBody(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : body;
  } catch {
    return undefined;
  }
}

/** Asks again until `ask` answers something; fails after 10 s. */
export async function eventually<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  const until = performance.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > until) throw new Error('Expected it within 10 s, but it did not come');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The seed's own examples, word for word. */
export const seed = {
  workflow: `{
  "name": "Lead Scoring Workflow",
  "description": "Auto-score leads based on engagement",
  "enabled": true,
  "triggers": [
    {
      "trigger_type": "lead_created",
      "trigger_config": "{\\"min_score\\": 0}"
    }
  ],
  "actions": [
    {
      "action_type": "create_task",
      "action_config": "{\\"title\\": \\"Follow up\\", \\"assigned_to_id\\": 1}",
      "order": 0,
      "delay_seconds": 300
    }
  ]
}`,
  trigger: `{
  "triggered_by": "lead_id",
  "triggered_by_value": "lead-789",
  "additional_data": {"lead_score": 85}
}`,
  scheduledTask: (workflowId: number) => `{
  "name": "Daily Lead Scoring",
  "type": "workflow",
  "config": "{\\"workflow_id\\": ${workflowId}}",
  "schedule": "0 9 * * *",
  "enabled": true,
  "max_retries": 3
}`,
};

export function workflowBody(overrides: Record<string, unknown> = {}) {
  return { ...JSON.parse(seed.workflow), name: `Workflow ${randomUUID().slice(0, 8)}`, ...overrides };
}
