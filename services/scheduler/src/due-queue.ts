import type { DueInstance } from '@millrace/db';

const resendAfterMs = 10_000;

/** Times are ms: `nowMs` of the wall clock, as `wakeAtMs` is; `monotonicMs` of one that never steps. */
export interface DueQueue {
  /** Takes over what the database holds, sorted by wake_at. `isAll`: there is nothing beyond these rows. */
  refresh(rows: readonly DueInstance[], isAll: boolean, monotonicMs: number): void;
  /** What is due, the first due first, and from now on sent: the same row_version doesn't come again for 10 s. */
  takeDue(nowMs: number, monotonicMs: number, limit: number): DueInstance[];
  /** These were not sent after all; they come with the next refresh. */
  unsend(rows: readonly DueInstance[]): void;
  /** When the next row is due; null when none is waiting. */
  nextDueMs(): number | null;
  readonly waiting: number;
}

/** Remembers which due rows were sent. Holds no more than what it was last given. Pure but for its own memory. */
export function createDueQueue(): DueQueue {
  let waiting: DueInstance[] = [];
  let next = 0;
  let sent = new Map<string, { rowVersion: number; atMs: number }>();
  const isSent = ({ id, rowVersion }: DueInstance, monotonicMs: number) => {
    const before = sent.get(id);
    return before !== undefined && before.rowVersion === rowVersion && monotonicMs - before.atMs < resendAfterMs;
  };
  return {
    refresh(rows, isAll, monotonicMs) {
      const stillDue = new Map<string, { rowVersion: number; atMs: number }>();
      if (!isAll) for (const [id, entry] of sent) if (monotonicMs - entry.atMs < resendAfterMs) stillDue.set(id, entry);
      for (const row of rows) {
        const before = sent.get(row.id);
        if (before !== undefined && isSent(row, monotonicMs)) stillDue.set(row.id, before);
      }
      waiting = rows.filter((row) => !isSent(row, monotonicMs));
      next = 0;
      sent = stillDue;
    },
    takeDue(nowMs, monotonicMs, limit) {
      const from = next;
      while (next < waiting.length && next - from < limit && (waiting[next] as DueInstance).wakeAtMs <= nowMs) next++;
      const due = waiting.slice(from, next);
      for (const { id, rowVersion } of due) sent.set(id, { rowVersion, atMs: monotonicMs });
      return due;
    },
    unsend(rows) {
      for (const { id } of rows) sent.delete(id);
    },
    nextDueMs: () => waiting[next]?.wakeAtMs ?? null,
    get waiting() {
      return waiting.length - next;
    },
  };
}
