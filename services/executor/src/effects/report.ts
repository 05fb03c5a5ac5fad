import { type Database, listFailures, type ReportRow, type ReportScope, summarizeDays, summarizeWorkflows } from '@millrace/db';
import { type ActionInputOf, periodOf, type TaskConfigOf } from '@millrace/workflow';
import type { Json } from '../instance/entries.ts';
import { formatCsv } from './csv.ts';
import type { Call, Effect } from './effect.ts';

const mostFailures = 1_000;
/** What the execution keeps; the mail has them all. */
const mostBytesKept = 12 * 1024;

const readers: Record<TaskConfigOf<'report'>['report'], (pool: Database['pool'], scope: ReportScope) => Promise<ReportRow[]>> = {
  workflow_summary: summarizeWorkflows,
  failures: (pool, scope) => listFailures(pool, scope, mostFailures),
  tenant_activity: summarizeDays,
};

/** Reads a report and mails it where asked; the output keeps what fits of it. */
export const report =
  ({ database, email }: { database: Database; email: Effect<ActionInputOf<'send_email'>> }): Effect<TaskConfigOf<'report'>> =>
  async (call) => {
    const { input, tenantId, nowMs } = call;
    const { fromMs, toMs } = periodOf(input, nowMs);
    const rows = await readers[input.report](database.pool, { tenantId, fromMs, toMs, workflowId: input.workflow_id ?? null });
    const period = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    if (input.email_to !== undefined) await mail(call, email, rows, period);
    return { report: input.report, period, total: rows.length, ...kept(input.format, rows) };
  };

/** As many rows as the execution keeps. */
function kept(format: 'json' | 'csv', rows: ReportRow[]): { [key: string]: Json } {
  let bytes = 0;
  const fitting = rows.findIndex((row) => {
    bytes += JSON.stringify(row).length;
    return bytes > mostBytesKept;
  });
  const part = fitting === -1 ? rows : rows.slice(0, fitting);
  return { truncated: part.length < rows.length, ...(format === 'csv' ? { csv: formatCsv(part) } : { rows: part }) };
}

async function mail(
  call: Call<TaskConfigOf<'report'>>,
  email: Effect<ActionInputOf<'send_email'>>,
  rows: ReportRow[],
  period: { from: string; to: string },
): Promise<void> {
  const { report: kind, format, email_to: to = [] } = call.input;
  const text = format === 'csv' ? formatCsv(rows) : JSON.stringify({ report: kind, period, rows }, null, 2);
  const subject = `Millrace report: ${kind.replaceAll('_', ' ')}, ${period.from.slice(0, 10)} to ${period.to.slice(0, 10)}`;
  const attachment = {
    filename: `${kind}-${period.from.slice(0, 10)}.${format}`,
    content_type: format === 'csv' ? 'text/csv' : 'application/json',
    content: Buffer.from(text).toString('base64'),
  };
  await email({
    ...call,
    input: { to, subject, text: `${rows.length} rows from ${period.from} to ${period.to}.`, attachments: [attachment] },
  });
}
