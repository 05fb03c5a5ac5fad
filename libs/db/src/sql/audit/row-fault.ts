const faults = new Set([
  1153, // packet too large: a smaller statement may pass
  1265, // data truncated
  1366, // incorrect value for the column
  3819, // check constraint
]);

/**
 * True where a row's own content is why a statement failed (too long, out of range, no JSON, no number), so that trying it
 * again can't help. Anything else, a missing table or a full disk too, is an outage: nothing may be thrown away for it.
 */
export function isRowFault(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true;
  if (!(error instanceof Error)) return false;
  if (error.cause !== undefined && !('errno' in error)) return isRowFault(error.cause);
  const { errno, sqlState } = error as { errno?: unknown; sqlState?: unknown };
  if (typeof errno === 'number' && faults.has(errno)) return true;
  return typeof sqlState === 'string' && (sqlState.startsWith('22') || sqlState.startsWith('23'));
}
