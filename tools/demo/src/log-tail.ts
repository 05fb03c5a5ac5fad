import type { Pool, RowDataPacket } from 'mysql2/promise';

const pollMs = 20;
const pageRows = 20_000;
const idleMs = 2000;

/** Follows `workflow_execution_logs` as any reader of the database sees it. */
export interface LogTail extends AsyncDisposable {
  rows: number;
  /** Instances whose newest row seen is their last in this demo: ended, or parked by a delay. */
  settled: number;
  /** When the newest row of an instance (hex id) was first seen, ms since the epoch. */
  lastSeenAtMsBy: Map<string, number>;
  lastRowAtMs: number;
  /** Reads all rows of the tenants once more, for rows that were committed behind the cursor. */
  catchUp(): Promise<void>;
  /** As `catchUp`, where no new row was seen for two seconds. */
  catchUpIfIdle(): Promise<void>;
}

/**
 * Ids are given at insert and seen at commit, so a cursor on them may pass a row by: `catchUp` finds those, and their time is then too
 * late rather than too early.
 */
export async function startLogTail(pool: Pool, tenantIds: string[]): Promise<LogTail> {
  const seen = new Set<number>();
  const settledIds = new Set<string>();
  let cursor = await newestId(pool);
  const first = cursor;
  let stopped = false;
  let failure: unknown;
  let lookedAtMs = performance.now();

  const take = (rows: RowDataPacket[][]) => {
    const now = Date.now();
    for (const row of rows as unknown as [number, Buffer, string][]) {
      const [id, instance, action] = row;
      if (seen.has(id)) continue;
      lookedAtMs = performance.now();
      seen.add(id);
      const key = instance.toString('hex');
      tail.rows += 1;
      tail.lastRowAtMs = now;
      tail.lastSeenAtMsBy.set(key, now);
      if (action === 'delay_started' || /^instance_(completed|failed|cancelled)$/.test(action)) settledIds.add(key);
      if (id > cursor) cursor = id;
    }
    tail.settled = settledIds.size;
  };

  const tail: LogTail = {
    rows: 0,
    settled: 0,
    lastSeenAtMsBy: new Map(),
    lastRowAtMs: 0,
    catchUp: async () => {
      if (failure !== undefined) throw failure;
      take(await readRows(pool, tenantIds, first, 10_000_000));
      lookedAtMs = performance.now();
    },
    catchUpIfIdle: async () => {
      if (performance.now() - lookedAtMs > idleMs) await tail.catchUp();
    },
    async [Symbol.asyncDispose]() {
      stopped = true;
      await running;
    },
  };

  const follow = async () => {
    while (!stopped) {
      const rows = await readRows(pool, tenantIds, cursor, pageRows);
      take(rows);
      if (rows.length < pageRows) await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  };
  const running = follow().catch((error) => {
    failure = error;
  });
  return tail;
}

async function newestId(pool: Pool): Promise<number> {
  const [rows] = await pool.query<RowDataPacket[]>('SELECT COALESCE(MAX(id), 0) AS newest FROM workflow_execution_logs');
  return Number(rows[0]?.newest ?? 0);
}

async function readRows(pool: Pool, tenantIds: string[], after: number, limit: number): Promise<RowDataPacket[][]> {
  const [rows] = await pool.query<RowDataPacket[][]>({
    sql: 'SELECT id, instance_id, action FROM workflow_execution_logs WHERE id > ? AND tenant_id IN (?) ORDER BY id LIMIT ?',
    values: [after, tenantIds, limit],
    rowsAsArray: true,
  });
  return rows;
}
