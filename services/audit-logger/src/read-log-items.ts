import type { InRecord } from '@millrace/bus';
import { type Codec, type ExecutionLog, topics } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import type { LogItem } from './log-item.ts';

/**
 * Decodes and checks a log record. Throws TerminalError for what never will be one: `undecodable` and the codes of checkLog;
 * RetryableError while the registry is away.
 */
export async function readLogItems(codec: Codec, record: InRecord): Promise<LogItem[]> {
  const { entries, ...header } = checkLog(await codec.decode(topics.executionLog, record.value), record.key);
  return entries.map((entry) => ({ header, entry, record }));
}

/** Checks what the schema can't. Throws TerminalError `tenant_mismatch` or `log_invalid`. */
export function checkLog(log: ExecutionLog, recordKey: Buffer | null): ExecutionLog {
  const key = recordKey?.toString('utf8') ?? '';
  if (key !== log.tenant_id)
    throw new TerminalError('tenant_mismatch', `Expected the key to be the tenant ${log.tenant_id}, but it is ${key || 'empty'}`);
  if (key === '') throw invalid('a tenant_id', 'none');
  if (!/^[0-9a-f]{32}$/.test(log.instance_id)) throw invalid('an instance_id of 32 hexadecimal digits', log.instance_id.slice(0, 64));
  const odd = log.entries.find(({ seq, type }) => seq < 1 || type === '');
  if (odd !== undefined) throw invalid('entries with a type and a seq from 1 on', `${odd.seq} ${odd.type}`);
  return log;
}

function invalid(expected: string, found: string): TerminalError {
  return new TerminalError('log_invalid', `Expected ${expected}, but got ${found}`);
}
