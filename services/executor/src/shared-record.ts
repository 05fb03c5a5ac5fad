import type { InRecord } from '@millrace/bus';

/** One record as several: it is done when each of them is. */
export function shareRecord(record: InRecord, parts: number): InRecord[] {
  const open = new Set(Array.from({ length: parts }, (_, index) => index));
  return [...open].map((part) => {
    const done = () => {
      if (open.delete(part) && open.size === 0) record.done();
    };
    return Object.create(record, { done: { value: done } }) as InRecord;
  });
}
