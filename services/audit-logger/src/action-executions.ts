import type { ActionExecutionRow } from '@millrace/db';
import type { LogItem } from './log-item.ts';

const endings = new Set(['action_completed', 'action_failed', 'action_skipped', 'action_unknown', 'action_cancelled']);
const projected = new Set([...endings, 'delay_started', 'wait_started', 'arm_taken', 'action_started', 'attempt_failed']);
/** Entries that an execution begins with; others tell of a whole attempt. */
const beginnings = new Set(['action_started', 'wait_started', 'arm_taken']);

/**
 * What entries, sorted by seq, say about actions: one row per instance and action, the own one of a scheduled task too, which has no id.
 * Types that this version doesn't know say nothing. Pure.
 */
export function foldActionExecutions(items: readonly LogItem[]): ActionExecutionRow[] {
  const rows = new Map<string, ActionExecutionRow>();
  for (const item of items) {
    const { header, entry } = item;
    if (!projected.has(entry.type)) continue;
    const key = `${header.instance_id}/${entry.action_id}`;
    rows.set(key, evolve(rows.get(key), item));
  }
  return [...rows.values()];
}

function evolve(row: ActionExecutionRow | undefined, { header, entry }: LogItem): ActionExecutionRow {
  const ended = endings.has(entry.type);
  const { input = null, output = null } = ended ? parseDetail(entry.detail) : {};
  return {
    tenantId: header.tenant_id,
    workflowId: header.workflow_id,
    instanceId: header.instance_id,
    actionId: entry.action_id,
    actionName: entry.action_name ?? row?.actionName ?? '',
    actionType: entry.action_type ?? row?.actionType ?? '',
    status: entry.status ?? row?.status ?? 'running',
    attempts: entry.attempt ?? row?.attempts ?? null,
    input: input ?? row?.input ?? null,
    result: output ?? row?.result ?? null,
    errorCode: entry.error_code,
    errorMessage: entry.error_message,
    skipReason: entry.type === 'action_skipped' ? entry.reason : null,
    startedAtMs: row?.startedAtMs ?? startOf(entry),
    completedAtMs: ended ? entry.at : null,
    durationMs: entry.duration_ms,
    lastSeq: entry.seq,
    createdAtMs: row?.createdAtMs ?? entry.at,
    updatedAtMs: entry.at,
  };
}

/** When the attempt that an entry tells of began; a delay or a skip began none. */
function startOf({ type, at, duration_ms }: LogItem['entry']): number | null {
  if (beginnings.has(type)) return at;
  return type === 'delay_started' || type === 'action_skipped' || duration_ms === null ? null : at - duration_ms;
}

function parseDetail(detail: string | null): { input?: string; output?: string } {
  if (detail === null) return {};
  const { input, output } = JSON.parse(detail) as { input?: unknown; output?: unknown };
  return {
    ...(input === undefined || input === null ? {} : { input: JSON.stringify(input) }),
    ...(output === undefined || output === null ? {} : { output: JSON.stringify(output) }),
  };
}
