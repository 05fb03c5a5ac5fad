import { type InRecord, readDeadLetterLabels, withoutDeadLetterLabels } from '@millrace/bus';
import type { DeadLetterHeader, DeadLetterRow } from '@millrace/db';

const tenantPattern = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * The row that a record of a dead-letter topic becomes. One whose headers don't say where it comes from has the reason `unlabelled`,
 * and its own place as its origin.
 */
export function createDeadLetterRow(record: InRecord, topicPrefix: string): DeadLetterRow {
  const { atMs, ...labels } = readDeadLetterLabels(record, topicPrefix) ?? unlabelled(record);
  return {
    tenantId: tenantOf(record.key),
    ...labels,
    key: record.key,
    value: record.value,
    headers: ownHeaders(record),
    deadLetteredAtMs: atMs ?? Math.max(0, record.timestampMs),
  };
}

function unlabelled({ topic, partition, offset }: InRecord) {
  return {
    originTopic: topic,
    originPartition: partition,
    originOffset: Number(offset),
    reason: 'unlabelled',
    message: 'Expected headers that say where the record comes from, but it has none',
    service: '',
    atMs: null,
  };
}

/** A key is a tenant's id, of definitions `<tenant id>/<workflow id>`; any other bytes are nobody's. */
function tenantOf(key: Buffer | null): string {
  const [first = ''] = (key?.toString('utf8') ?? '').split('/');
  return tenantPattern.test(first) ? first : '';
}

function ownHeaders({ headers }: InRecord): DeadLetterHeader[] {
  return Object.entries(withoutDeadLetterLabels(headers)).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): DeadLetterHeader => [name, Buffer.from(one).toString('base64')]),
  );
}
