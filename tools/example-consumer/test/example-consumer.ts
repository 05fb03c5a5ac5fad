import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitWithParent } from '@millrace/demo';
import { type ExecutionLog, type LogEntry, topics } from '@millrace/messages';
import type { Installation } from '@millrace/testing';

const folder = fileURLToPath(new URL('../', import.meta.url));

export interface Line {
  following?: string;
  gap?: { instance_id: string; after: number; next: number };
  ended?: Record<string, unknown>;
}

/** The example in a process of its own. */
export interface ExampleConsumer extends AsyncDisposable {
  /** What it has printed. */
  lines(): Line[];
  kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** Starts the example as its users do: `node consumer.mjs` and its settings. */
export function startExample({ env, prefix }: Installation, databaseFile: string): ExampleConsumer {
  const child = spawn(process.execPath, ['--import', exitWithParent, 'consumer.mjs'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      KAFKA_BROKERS: env.KAFKA_BROKERS,
      SCHEMA_REGISTRY_URL: env.SCHEMA_REGISTRY_URL,
      DATABASE_FILE: databaseFile,
      TOPIC: `${prefix}${topics.executionLog.name}`,
      GROUP_ID: `${prefix}${basename(databaseFile)}`,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return {
    lines: () =>
      output
        .split('\n')
        .filter((line) => line.startsWith('{"') && line.endsWith('}') && !line.startsWith('{"level"'))
        .map((line) => JSON.parse(line) as Line),
    kill,
    [Symbol.asyncDispose]: async () => void (await kill('SIGTERM')),
  };
}

const now = Date.UTC(2026, 10, 24, 10);

export function anEntry(seq: number, type: string, overrides: Partial<LogEntry> = {}): LogEntry {
  return {
    ...{ seq, type, at: now + seq * 1_000, action_id: null, action_name: null, action_type: null, attempt: null, status: null },
    ...{ reason: null, error_code: null, error_message: null, duration_ms: null, detail: null },
    ...overrides,
  };
}

/** Two actions, one of which is skipped, and the end. */
export const aLife: LogEntry[] = [
  anEntry(1, 'instance_started', { status: 'running' }),
  anEntry(2, 'action_completed', { status: 'completed', action_id: 1 }),
  anEntry(3, 'action_skipped', { status: 'skipped', action_id: 2, reason: 'no_address' }),
  anEntry(4, 'instance_completed', { status: 'completed' }),
];

export function aLog(instanceId: string, entries: LogEntry[]): ExecutionLog {
  return {
    ...{ tenant_id: 'acme', instance_id: instanceId, workflow_id: 7, workflow_version: 1, entity_type: 'lead', entity_id: 'lead-1' },
    ...{ scheduled_task_id: null, scheduled_for: null, entries },
  };
}

/** Puts log records on their topic, in order. */
export async function publish({ bus, codec }: Installation, ...logs: ExecutionLog[]): Promise<void> {
  const records = logs.map(async (log) => ({
    topic: topics.executionLog,
    tenantId: log.tenant_id,
    entityType: log.entity_type,
    entityId: log.entity_id,
    value: await codec.encode(topics.executionLog, log),
  }));
  await bus.publish(await Promise.all(records));
}
