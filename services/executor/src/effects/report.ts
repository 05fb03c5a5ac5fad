import {
  countActivity,
  type Database,
  listFailures,
  type ReportRow,
  type ReportScope,
  summarizeWorkflows,
  translateDatabaseError,
} from '@millrace/db';
import { RetryableError } from '@millrace/runtime';
import { type ActionInputOf, daysOf, periodOf, type TaskConfigOf } from '@millrace/workflow';
import { formatCsv } from './csv.ts';
import type { Call, Effect } from './effect.ts';

type Connection = Awaited<ReturnType<Database['pool']['getConnection']>>;

/** The newest ones. */
const mostFailures = 1_000;
/** What the execution keeps; the mail has them all. */
const mostBytesKept = 12 * 1024;

const readers: Record<
  TaskConfigOf<'report'>['report'],
  (connection: Connection, scope: ReportScope, timezone: string) => Promise<ReportRow[]>
> = {
  workflow_summary: summarizeWorkflows,
  failures: (connection, scope) => listFailures(connection, scope, mostFailures + 1),
  /** A short statement for each day: none reads a year at once. */
  async tenant_activity(connection, scope, timezone) {
    const rows: ReportRow[] = [];
    for (const { day, fromMs, toMs } of daysOf(scope, timezone))
      rows.push({ day, ...(await countActivity(connection, { ...scope, fromMs, toMs })) });
    return rows;
  },
};

/** Reads a report and mails it where asked; the output keeps what fits of it. */
export const report =
  ({
    database,
    email,
    stopping,
  }: {
    database: Database;
    email: Effect<ActionInputOf<'send_email'>>;
    stopping: AbortSignal;
  }): Effect<TaskConfigOf<'report'>> =>
  async (call) => {
    const { input, tenantId, nowMs, signal } = call;
    const { fromMs, toMs } = periodOf(input, nowMs);
    const scope = { tenantId, fromMs, toMs, workflowId: input.workflow_id ?? null };
    const read = await whileConnected(database, AbortSignal.any([signal, stopping]), (connection) =>
      readers[input.report](connection, scope, input.timezone),
    );
    const rows = input.report === 'failures' ? read.slice(0, mostFailures) : read;
    const period = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    if (input.email_to !== undefined) await mail(call, email, rows, period);
    const kept = keptOf(input.format, rows);
    return {
      report: input.report,
      period,
      total: rows.length,
      truncated: kept.length < read.length,
      ...(input.format === 'csv' ? { csv: formatCsv(kept) } : { rows: kept }),
    };
  };

/** What was read; RetryableError in an outage and where it is aborted: the connection is closed then, as nobody waits for its statement. */
async function whileConnected<T>({ pool }: Database, signal: AbortSignal, read: (connection: Connection) => Promise<T>): Promise<T> {
  try {
    const connection = await pool.getConnection();
    const { promise: interrupted, reject } = Promise.withResolvers<never>();
    const interrupt = () => {
      connection.destroy();
      reject(new RetryableError('interrupted', 'Expected to read the report, but was stopped before its end'));
    };
    signal.addEventListener('abort', interrupt);
    try {
      if (signal.aborted) interrupt();
      return await Promise.race([read(connection), interrupted]);
    } finally {
      // Whoever has the connection next is not to lose it.
      signal.removeEventListener('abort', interrupt);
      connection.release();
    }
  } catch (error) {
    throw translateDatabaseError(error);
  }
}

/** As many rows as the execution keeps. */
function keptOf(format: 'json' | 'csv', rows: ReportRow[]): ReportRow[] {
  const bytesOf = (some: ReportRow[]) => Buffer.byteLength(JSON.stringify(format === 'csv' ? formatCsv(some) : some));
  let kept = rows;
  while (kept.length > 0 && bytesOf(kept) > mostBytesKept) {
    const share = mostBytesKept / bytesOf(kept);
    kept = kept.slice(0, Math.min(kept.length - 1, Math.floor(kept.length * share)));
  }
  return kept;
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
