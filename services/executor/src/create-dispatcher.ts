import type { Bus } from '@millrace/bus';
import type { Database } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import { gauge, type Logger } from '@millrace/runtime';
import type { Backlog } from './backlog.ts';
import type { Clock } from './clock.ts';
import { Committer } from './committer.ts';
import type { Config } from './config.ts';
import type { DailyAllowances } from './daily-allowance.ts';
import { Dispatcher } from './dispatcher.ts';
import type { ConnectedEffects } from './effects/index.ts';
import type { Engine } from './engine.ts';
import { InstanceStore } from './instance-store.ts';
import type { Publisher } from './publisher.ts';
import { StartRate } from './start-rate.ts';
import { createTables } from './tables.ts';
import type { TenantSettings } from './tenant-settings.ts';
import { Turns } from './turns.ts';
import { VersionCache } from './version-cache.ts';
import type { WorkflowStates } from './workflow-states.ts';

interface Parts {
  config: Config;
  bus: Bus;
  clock: Clock;
  codec: Codec;
  database: Database;
  publisher: Publisher;
  backlog: Backlog;
  states: WorkflowStates;
  connected: ConnectedEffects;
  tenants: TenantSettings;
  allowances: DailyAllowances;
  stopping: AbortSignal;
  logger: Logger;
}

/** The engine of a process, and its metrics. */
export function createDispatcher(parts: Parts): Dispatcher {
  const { config, bus, clock, codec, database, publisher, backlog, states, connected, tenants, allowances, stopping, logger } = parts;
  const tables = createTables(database);
  const engine: Engine = {
    clock,
    store: new InstanceStore({ clock, tables, committer: new Committer(tables, logger, clock), publisher, codec, states, tenants, logger }),
    connected,
    tenants,
    allowances,
    states,
    backlog,
    turns: new Turns({ tenant: config.TENANT_CONCURRENCY, host: config.HOST_CONCURRENCY, byHost: connected.mostAtOnceByHost }, clock),
    stopping,
    detached: new Set(),
    logger,
  };
  const versions = new VersionCache(tables);
  const dispatcher = new Dispatcher({
    engine,
    bus,
    codec,
    tables,
    versions,
    rate: new StartRate(config.STARTS_PER_HOUR),
    eventsPerSecond: (tenantId) => Math.max(1, tenants.known(tenantId)?.eventsPerSecond ?? config.TENANT_EVENTS_PER_SECOND),
    logger,
  });
  gauge('millrace_executor_queued_commands', 'Commands that wait for their turn', () => dispatcher.queue.size);
  gauge('millrace_executor_queued_bytes', 'Bytes of commands that wait for their turn', () => dispatcher.queue.bytes);
  gauge('millrace_executor_queued_tenants', 'Tenants whose commands wait for their turn', () => dispatcher.queue.keys);
  gauge('millrace_executor_calls', 'Calls to the world that are being made', () => engine.turns.running);
  gauge('millrace_executor_waiting_calls', 'Calls to the world that wait for room at their tenant or host', () => engine.turns.waiting);
  gauge('millrace_executor_activities', 'Instances that are being run', () => dispatcher.activities);
  gauge('millrace_executor_unacknowledged_bytes', 'Bytes that the brokers have not acknowledged yet', () => backlog.bytes);
  return dispatcher;
}
