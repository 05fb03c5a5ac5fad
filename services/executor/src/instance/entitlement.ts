import type { InstanceRow } from '@millrace/db';

export type InputKind = 'start' | 'resume' | 'cancel' | 'retry' | 'event';

/**
 * Who may go on with an instance: the table of 3-engine.md section 3.
 * - `create`: there is no row; a start makes it.
 * - `continue`: this input owns the instance now.
 * - `retry`: it does, and begins a retry by hand of an instance that has failed.
 * - `republish`: somebody else owns it; what may be unacknowledged goes out again, nothing more.
 * - `ignore`: there is nothing to do.
 */
export type Entitlement = 'create' | 'continue' | 'retry' | 'republish' | 'ignore';

export function entitlement(row: InstanceRow | null, input: { kind: InputKind; rowVersion: number | null }): Entitlement {
  if (row === null) return input.kind === 'start' ? 'create' : 'ignore';
  if (row.status === 'failed' && input.kind === 'retry' && row.rowVersion === input.rowVersion) return 'retry';
  if (row.status === 'completed' || row.status === 'failed' || row.status === 'cancelled') return 'republish';
  if (row.wakeAtMs === null) return 'continue';
  switch (input.kind) {
    case 'start':
      return row.rowVersion === 0 ? 'continue' : 'republish';
    case 'resume':
      return row.rowVersion === input.rowVersion ? 'continue' : 'republish';
    case 'cancel':
    case 'event':
      return 'continue';
    case 'retry':
      return 'republish';
  }
}
