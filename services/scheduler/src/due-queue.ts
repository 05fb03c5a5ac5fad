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
  /** The oldest first. Never made anew: with 100,000 rows due at once that alone was some megabytes of garbage a reading. */
  const sent = new Map<string, { rowVersion: number; atMs: number }>();
  const isSent = ({ id, rowVersion }: DueInstance) => sent.get(id)?.rowVersion === rowVersion;
  const forgetOld = (monotonicMs: number) => {
    for (const [id, { atMs }] of sent) {
      if (monotonicMs - atMs < resendAfterMs) return;
      sent.delete(id);
    }
  };
  const forgetAllBut = (rows: readonly DueInstance[]) => {
    const listed = new Set(rows.map(({ id }) => id));
    for (const id of sent.keys()) if (!listed.has(id)) sent.delete(id);
  };
  return {
    refresh(rows, isAll, monotonicMs) {
      forgetOld(monotonicMs);
      if (isAll) forgetAllBut(rows);
      waiting = rows.filter((row) => !isSent(row));
      next = 0;
    },
    takeDue(nowMs, monotonicMs, limit) {
      const from = next;
      while (next < waiting.length && next - from < limit && (waiting[next] as DueInstance).wakeAtMs <= nowMs) next++;
      const due = waiting.slice(from, next);
      for (const { id, rowVersion } of due) {
        sent.delete(id);
        sent.set(id, { rowVersion, atMs: monotonicMs });
      }
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
