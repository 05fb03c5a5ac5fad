import { type Database, isRowFault } from '@millrace/db';
import { TerminalError } from '@millrace/runtime';
import type { LogItem } from './log-item.ts';
import { writeTransaction } from './write-transaction.ts';

export interface Written {
  inserted: number;
  /** Entries that were in the table already. */
  repeated: number;
  /** Entries of instances that were deleted. */
  dropped: number;
  /** Entries whose own content the tables refuse, with why. */
  bad: { item: LogItem; message: string }[];
}

/**
 * Writes entries, ordered by orderItems, and what they say about actions and occurrences, each once. What the tables refuse
 * is found by halving, and the rest is written. Any other failure is thrown; what was written until then stays, and is
 * found to be known when the same entries come again.
 */
export async function writeItems(db: Database, items: readonly LogItem[]): Promise<Written> {
  const [first] = items;
  if (first === undefined) return { inserted: 0, repeated: 0, dropped: 0, bad: [] };
  try {
    return { ...(await db.transaction((connection) => writeTransaction(connection, items))), bad: [] };
  } catch (error) {
    if (!(error instanceof TerminalError) && !isRowFault(error)) throw error;
    if (items.length === 1) return { inserted: 0, repeated: 0, dropped: 0, bad: [{ item: first, message: String(error) }] };
  }
  const middle = items.length >> 1;
  return add(await writeItems(db, items.slice(0, middle)), await writeItems(db, items.slice(middle)));
}

function add(a: Written, b: Written): Written {
  return {
    inserted: a.inserted + b.inserted,
    repeated: a.repeated + b.repeated,
    dropped: a.dropped + b.dropped,
    bad: [...a.bad, ...b.bad],
  };
}
