import type { InstanceRow } from '@millrace/db';
import { createTaskVersion } from '@millrace/workflow';
import type { Admission } from './admission.ts';
import type { Engine } from './engine.ts';
import { createDraft, type Input, startOf } from './input.ts';
import { decideRetry, decideStart, type Start } from './instance/decide-input.ts';
import { Draft } from './instance/draft.ts';
import { entitlement } from './instance/entitlement.ts';
import { isFinished } from './instance/state.ts';
import type { Tables } from './tables.ts';
import { type CompiledVersion, compileVersion, type VersionCache } from './version-cache.ts';

type TaskType = Parameters<typeof createTaskVersion>[2];

/** What becomes of an input. `settle`: nothing more is to be done for it; `republish`: its instance is somebody else's, or has ended. */
export type Beginning =
  | { kind: 'settle'; outcome: string }
  | { kind: 'republish'; row: InstanceRow }
  | { kind: 'run'; draft: Draft; version: CompiledVersion | null; isStart: boolean };

export interface Beginnings {
  engine: Pick<Engine, 'clock' | 'store'>;
  tables: Pick<Tables, 'findLatestVersion'>;
  versions: VersionCache;
  admission: Admission;
}

/**
 * Decides by an instance's row, null where there is none yet, whether an activity is to run for an input, and with what. Asked once an input, in
 * the order of the log of its entity. Waits out an outage of the database; throws TerminalError for what never will be an instance.
 */
export async function decideBeginning(beginnings: Beginnings, input: Input, row: InstanceRow | null): Promise<Beginning> {
  const { clock } = beginnings.engine;
  const owner = entitlement(row, input);
  if (owner === 'ignore') return { kind: 'settle', outcome: 'ignored' };
  if (owner === 'republish') return { kind: 'republish', row: row as InstanceRow };
  const start = row === null || row.status === 'pending' ? startOf(input, row) : null;
  const draft = row === null ? createDraft(input, start as Start, clock.now()) : Draft.of(row);
  if (owner === 'retry' && !(await retry(beginnings, input, draft))) return { kind: 'settle', outcome: 'retry_refused' };
  const version = await findVersion(beginnings, draft, start);
  if (start === null) return { kind: 'run', draft, version, isStart: false };
  const verdict = await beginnings.admission.decide(input, draft, version, start.blocked);
  if (verdict.kind === 'drop') return { kind: 'settle', outcome: verdict.reason };
  const blocked = verdict.kind === 'start' ? null : verdict.reason;
  draft.add(decideStart(draft.state, { ...start, blocked, traceparent: input.traceparent }, clock.now()));
  return { kind: 'run', draft, version, isStart: true };
}

/** False where the version that it is to go on with lacks an action that is finished already. */
async function retry({ engine, tables, versions }: Beginnings, { command: { command } }: Input, draft: Draft): Promise<boolean> {
  if (!('millrace.RetryInstance' in command)) return false;
  const { clock, store } = engine;
  const { requested_by: requestedBy, row_version: rowVersion, use_latest_version: useLatest } = command['millrace.RetryInstance'];
  const { workflowId, workflowVersion: pinned } = draft.row;
  if (workflowId === null || pinned === null) return false;
  const latest = useLatest ? await store.waitOut(() => tables.findLatestVersion(workflowId)) : pinned;
  const workflowVersion = latest ?? pinned;
  const version = await store.waitOut(() => versions.get(workflowId, workflowVersion));
  draft.add(decideRetry(draft.state, { requestedBy, rowVersion, workflowVersion }, clock.now()));
  const finished = [...draft.state.actionById].filter(([, action]) => isFinished(action) && action.status !== 'skipped');
  return version !== null && finished.every(([actionId]) => version.version.actions.some(({ id }) => id === actionId));
}

/** Null where its workflow is gone. */
async function findVersion({ engine, versions }: Beginnings, { row, state }: Draft, start: Start | null): Promise<CompiledVersion | null> {
  const { workflowId, workflowVersion } = row;
  const task = state.start?.task ?? start?.task ?? null;
  if (task !== null && task.type !== 'workflow') {
    return compileVersion(createTaskVersion(row.tenantId, task.id, task.type as TaskType, task.config));
  }
  if (workflowId === null || workflowVersion === null) return null;
  return engine.store.waitOut(() => versions.get(workflowId, workflowVersion));
}
