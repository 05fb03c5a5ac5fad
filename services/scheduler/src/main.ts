import { clusterOptions, connectBus, registryOptions } from '@millrace/bus';
import { connectDatabase, startDatabaseClock } from '@millrace/db';
import { createCodec } from '@millrace/messages';
import { aborted, createLogger, gauge, startHealth, startTelemetry, stopSignal } from '@millrace/runtime';
import { readConfig } from './config.ts';
import { startLease } from './lease.ts';
import { startSweeper } from './sweeper.ts';
import { startTaskRunner } from './task-runner.ts';
import { startWaker } from './waker.ts';

const service = 'scheduler';
const config = readConfig();
const stop = stopSignal();
const logger = createLogger(service, config.LOG_LEVEL);

await using telemetry = await startTelemetry(service);
await using db = await connectDatabase({ url: config.DATABASE_URL, ssl: config.DATABASE_SSL, poolSize: 4 });
const codec = createCodec(registryOptions(config));
await using bus = await connectBus({ ...clusterOptions(config), clientId: service, codec, logger });
await using clock = await startDatabaseClock(db, logger);
await using lease = startLease(db, 'scheduler', logger, () => {
  waker.wake();
  tasks.wake();
});
const shared = { db, bus, codec, logger, lease, clock };
await using waker = startWaker({ ...shared, pollMs: config.POLL_MS, mostDue: config.MAX_DUE });
await using tasks = startTaskRunner(shared);
await using _sweeper = startSweeper({ ...shared, afterMs: config.SWEEP_AFTER_MS });
gauge('millrace_scheduler_lease_held', '1 while this process is the one that wakes', () => Number(lease.isHeld()));
await using _health = await startHealth({
  host: config.HEALTH_HOST,
  port: config.HEALTH_PORT,
  telemetry,
  ready: async () => {
    await db.ping();
    return { ready: true, active: lease.isHeld() };
  },
});
logger.info('scheduler is ready');
await aborted(stop);
