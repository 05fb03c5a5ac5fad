/** What became of a statement: its rows are in, one of them was there already, or one refers to a row that is gone. */
export type InsertOutcome = 'inserted' | 'duplicate' | 'reference_missing';

const duplicateKey = 1062;
const missingReferences = new Set([1216, 1452]);

/** Runs a multi-row insert and reads the two failures that its caller can mend. The statement is rolled back, the transaction goes on. */
export async function insertOutcome(insert: () => Promise<unknown>): Promise<InsertOutcome> {
  try {
    await insert();
    return 'inserted';
  } catch (error) {
    const errno = error instanceof Error && 'errno' in error ? error.errno : undefined;
    if (errno === duplicateKey) return 'duplicate';
    if (typeof errno === 'number' && missingReferences.has(errno)) return 'reference_missing';
    throw error;
  }
}
