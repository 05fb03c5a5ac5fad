/** A batch of records that can't be taken apart: its compressed bytes are broken, or inflate to more than is ever kept in memory. */
export class UnreadableBatchError extends Error {
  override readonly name = 'UnreadableBatchError';
}

/** The first of these among an error and its causes, in kafkajs' way and the usual one. */
export function findUnreadableBatch(error: unknown): UnreadableBatchError | null {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    if (current instanceof UnreadableBatchError) return current;
    current = (current as { originalError?: unknown }).originalError ?? current.cause;
  }
  return null;
}
