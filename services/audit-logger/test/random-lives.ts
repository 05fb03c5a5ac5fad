import type { LogEntry } from '@millrace/messages';
import fc from 'fast-check';
import type { LogItem } from '../src/log-item.ts';
import { anActionEntry, anEntry, itemsOf, now } from './log-entries.ts';

/** One try of an action, or of the instance as a whole, as the executor tells it. */
interface Step {
  type: 'action_completed' | 'action_failed' | 'action_skipped' | 'action_unknown' | 'attempt_failed' | 'arm_taken' | 'event_received';
  action: number;
  durationMs: number;
  arm: string;
}

/** How an instance went: a failure that is retried by hand goes on with the next run. */
export interface Life {
  tenantId: string;
  /** null: the run of a task. */
  workflowId: number | null;
  runs: { steps: Step[]; end: 'completed' | 'failed' | 'cancelled' | null; version: number; hours: number }[];
}

const aStep: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(
    'action_completed',
    'action_failed',
    'action_skipped',
    'action_unknown',
    'attempt_failed',
    'arm_taken',
    'event_received',
  ),
  action: fc.integer({ min: 0, max: 2 }),
  durationMs: fc.integer({ min: 0, max: 5_000_000 }),
  arm: fc.constantFrom('a', 'b'),
});

export const aRandomLife: fc.Arbitrary<Life> = fc.record({
  tenantId: fc.constantFrom('acme', 'globex'),
  workflowId: fc.constantFrom(1, 2, null),
  runs: fc.array(
    fc.record({
      steps: fc.array(aStep, { maxLength: 5 }),
      end: fc.constantFrom('completed', 'failed', 'failed', 'cancelled', null),
      version: fc.integer({ min: 1, max: 2 }),
      hours: fc.integer({ min: 0, max: 60 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** The entries of a life, each with the header that the executor would have sent it under. */
export function itemsOfLife(life: Life, instanceId: string, actionIds: readonly number[]): LogItem[] {
  const entries: { entry: LogEntry; version: number }[] = [];
  let status = '';
  for (const { steps, end, version, hours } of life.runs) {
    if (entries.length > 0 && status !== 'failed') break;
    const push = (entry: LogEntry) => entries.push({ version, entry: { ...entry, seq: entries.length + 1, at: now + hours * 3_600_000 } });
    push(anEntry({ type: status === 'failed' ? 'retry_requested' : 'instance_started', status: 'running' }));
    for (const { type, action, durationMs, arm } of steps) {
      const detail = type === 'arm_taken' ? JSON.stringify({ arm }) : null;
      if (type === 'event_received') push(anEntry({ type, detail: '{}' }));
      else push(anActionEntry({ type, status: 'running', action_id: actionIds[action] ?? null, duration_ms: durationMs, detail }));
    }
    status = end ?? 'running';
    if (end !== null) push(anEntry({ type: `instance_${end}`, status: end, duration_ms: steps.length * 1_000 }));
  }
  return entries.flatMap(({ entry, version }) =>
    itemsOf({
      tenant_id: life.tenantId,
      instance_id: instanceId,
      workflow_id: life.workflowId,
      workflow_version: life.workflowId === null ? null : version,
      entries: [entry],
    }),
  );
}
