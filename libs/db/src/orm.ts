import { MikroORM as MariaDbOrm } from '@mikro-orm/mariadb';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/mysql';
import { createConnection } from 'mysql2/promise';
import { type DatabaseOptions, poolOptions, sessionSettings } from './connection-settings.ts';
import { entities } from './entities.ts';
import { InitialTables } from './migrations/0001-initial-tables.ts';
import { WorkflowLists } from './migrations/0002-workflow-lists.ts';
import { IdentityAndAudit } from './migrations/0003-identity-and-audit.ts';
import { SubscriptionsAndEnrolments } from './migrations/0004-subscriptions-and-enrolments.ts';
import { DeadLetters } from './migrations/0005-dead-letters.ts';
import { ScheduleJitter } from './migrations/0006-schedule-jitter.ts';
import { SchedulerIndexes } from './migrations/0007-scheduler-indexes.ts';
import { ActionTypesByTenant } from './migrations/0008-action-types-by-tenant.ts';
import { Statistics } from './migrations/0009-statistics.ts';
import { TenantUsage } from './migrations/0010-tenant-usage.ts';
import { LiveTaskRuns } from './migrations/0011-live-task-runs.ts';
import { RetentionSettings } from './migrations/0012-retention.ts';
import { CleanupProgressTable } from './migrations/0013-cleanup-progress.ts';
import { InstancesByTime } from './migrations/0014-instances-by-time.ts';
import { TenantEntityManager } from './tenant-entity-manager.ts';

const migrations = [
  { name: '0001-initial-tables', class: InitialTables },
  { name: '0002-workflow-lists', class: WorkflowLists },
  { name: '0003-identity-and-audit', class: IdentityAndAudit },
  { name: '0004-subscriptions-and-enrolments', class: SubscriptionsAndEnrolments },
  { name: '0005-dead-letters', class: DeadLetters },
  { name: '0006-schedule-jitter', class: ScheduleJitter },
  { name: '0007-scheduler-indexes', class: SchedulerIndexes },
  { name: '0008-action-types-by-tenant', class: ActionTypesByTenant },
  { name: '0009-statistics', class: Statistics },
  { name: '0010-tenant-usage', class: TenantUsage },
  { name: '0011-live-task-runs', class: LiveTaskRuns },
  { name: '0012-retention', class: RetentionSettings },
  { name: '0013-cleanup-progress', class: CleanupProgressTable },
  { name: '0014-instances-by-time', class: InstancesByTime },
];

/** The ORM over all entities, with the driver of the server that answers: MariaDB and MySQL keep JSON differently. */
export async function initOrm(options: DatabaseOptions): Promise<MikroORM> {
  const { host, port, user, password, database } = poolOptions(options);
  const config = {
    entities,
    entityManager: TenantEntityManager,
    host,
    port,
    user,
    password,
    dbName: database,
    charset: 'utf8mb4',
    collate: 'utf8mb4_bin',
    forceUtcTimezone: true,
    // Each row has its own tenant: to join what it refers to only to filter that again costs, and finds nothing more.
    autoJoinRefsForFilters: false,
    ensureDatabase: false,
    driverOptions: { flags: ['-FOUND_ROWS'], connectTimeout: 5_000, ...(options.ssl ? { ssl: {} } : {}) },
    pool: { max: options.poolSize ?? 10 },
    onCreateConnection: applySessionSettings,
    extensions: [Migrator],
    migrations: {
      migrationsList: migrations,
      snapshot: false,
      snapshotOnMigrate: false,
      transactional: false,
      allOrNothing: false,
      silent: true,
    },
  };
  return (await isMariaDb(options))
    ? ((await MariaDbOrm.init(config as Parameters<typeof MariaDbOrm.init>[0])) as unknown as MikroORM)
    : ((await MikroORM.init(config as Parameters<typeof MikroORM.init>[0])) as unknown as MikroORM);
}

/** Kysely's own shape of a raw statement, which the ORM hands its new connections as. */
async function applySessionSettings(connection: unknown): Promise<void> {
  const { executeQuery } = connection as { executeQuery(query: object): Promise<unknown> };
  for (const sql of sessionSettings) {
    await executeQuery.call(connection, { sql, parameters: [], query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] } });
  }
}

async function isMariaDb(options: DatabaseOptions): Promise<boolean> {
  const { connectionLimit: _, ...settings } = poolOptions(options);
  const connection = await createConnection(settings);
  try {
    const [rows] = await connection.query('select version() as version');
    return String((rows as { version: string }[])[0]?.version).includes('MariaDB');
  } finally {
    await connection.end();
  }
}
