type Cell = string | number | null;

/** Rows of the same keys as CSV (RFC 4180) with a header. A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function formatCsv(rows: readonly Record<string, Cell>[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const columns = Object.keys(first);
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? null))]
    .map((cells) => `${cells.map(formatCell).join(',')}\r\n`)
    .join('');
}

function formatCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
