import type { RowDataPacket } from 'mysql2/promise';
import { type Bounds, type Comparison, differenceOf } from './compare.ts';
import { groupsOf, keyOf, pair, type Reader, type Row, textOf } from './rows.ts';

const keysByTable = {
  workflow_stats: ['period', 'starts_at', 'workflow_id', 'version'],
  workflow_action_stats: ['starts_at', 'workflow_id', 'version', 'action_id', 'outcome', 'arm', 'bucket'],
};

/**
 * Compares the roll-ups. Those that hold entries which the topic no longer has, or of which something was removed, can't be rebuilt: they
 * count as older. While the topic is being written to, no roll-up of now can be compared.
 */
export async function compareRollUps(live: Reader, copy: Reader, bounds: Bounds): Promise<Map<string, Comparison>> {
  const isWhole = await wholeOwners(live);
  const results = new Map<string, Comparison>();
  for (const [table, keys] of Object.entries(keysByTable)) {
    const result: Comparison = { equal: 0, older: 0, moving: 0, differences: [] };
    const idOf = (row: Row) => keys.map((key) => (row[key] instanceof Date ? (row[key] as Date).toISOString() : keyOf(row[key]))).join('/');
    for await (const [tenant, liveRows, copyRows] of pair(groupsOf(live, table, 'tenant_id'), groupsOf(copy, table, 'tenant_id'))) {
      const rebuilt = new Map(copyRows.map((row) => [idOf(row), row]));
      for (const row of [...liveRows, ...copyRows.filter((each) => !liveRows.some((other) => idOf(other) === idOf(each)))]) {
        const other = rebuilt.get(idOf(row));
        const isLive = liveRows.includes(row);
        if (isLive && other !== undefined && textOf(row) === textOf(other)) result.equal += 1;
        else if (isOlder(row, bounds) || !isWhole(tenant, Number(row.workflow_id))) result.older += 1;
        else if (!bounds.isQuiet) result.moving += 1;
        else result.differences.push(differenceOf(table, `${tenant}/${idOf(row)}`, isLive ? row : undefined, other));
      }
    }
    results.set(table, result);
  }
  return results;
}

function isOlder({ period, starts_at: startsAt }: Row, { oldestMs }: Bounds): boolean {
  return oldestMs > 0 && (period === 'all' || (startsAt as Date).getTime() < oldestMs);
}

/** Tells whether a workflow, or a tenant (workflow 0), has lost nothing that its roll-ups count. */
async function wholeOwners(live: Reader): Promise<(tenantId: string, workflowId: number) => boolean> {
  const [removed] = await live.query<RowDataPacket[]>('SELECT DISTINCT tenant_id, workflow_id FROM removed_instances');
  const [workflows] = await live.query<RowDataPacket[]>('SELECT id FROM workflows WHERE deleted_at IS NULL');
  const cut = new Set(removed.map((row) => `${row.tenant_id}/${row.workflow_id}`));
  const known = new Set(workflows.map(({ id }) => Number(id)));
  return (tenantId, workflowId) => !cut.has(`${tenantId}/${workflowId}`) && (workflowId === 0 || known.has(workflowId));
}
