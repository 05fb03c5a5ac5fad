import { headerText, type InRecord } from '@millrace/bus';
import type { DeadLetterHeader, DeadLetterRow } from '@millrace/db';
import { topics } from '@millrace/messages';

const ownPrefix = 'dead-letter-';
const tenantPattern = /^[A-Za-z0-9._-]{1,64}$/;
const topicNames = new Set<string>(Object.values(topics).map(({ name }) => name));
const latestMs = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The row that a record of a dead-letter topic becomes. One whose headers don't say where it comes from has the reason `unlabelled`,
 * and its own place as its origin.
 */
export function createDeadLetterRow(record: InRecord, topicPrefix: string): DeadLetterRow {
  const label = (name: string) => headerText(record, `${ownPrefix}${name}`) ?? '';
  return {
    tenantId: tenantOf(record.key),
    ...(labelledOrigin(label, topicPrefix) ?? unlabelledOrigin(record)),
    message: label('message').slice(0, 1_000),
    service: label('service').slice(0, 64),
    key: record.key,
    value: record.value,
    headers: ownHeaders(record),
    deadLetteredAtMs: momentOf(label('at'), record.timestampMs),
  };
}

type Origin = Pick<DeadLetterRow, 'originTopic' | 'originPartition' | 'originOffset' | 'reason'>;

function labelledOrigin(label: (name: string) => string, topicPrefix: string): Origin | null {
  const topic = label('origin-topic');
  const originTopic = topic.startsWith(topicPrefix) ? topic.slice(topicPrefix.length) : topic;
  const [originPartition, originOffset] = [wholeNumber(label('origin-partition')), wholeNumber(label('origin-offset'))];
  const reason = label('reason').slice(0, 64);
  if (!topicNames.has(originTopic) || originPartition === null || originOffset === null || reason === '') return null;
  return { originTopic, originPartition, originOffset, reason };
}

function unlabelledOrigin({ topic, partition, offset }: InRecord): Origin {
  return { originTopic: topic, originPartition: partition, originOffset: Number(offset), reason: 'unlabelled' };
}

/** A key is a tenant's id, of definitions `<tenant id>/<workflow id>`; any other bytes are nobody's. */
function tenantOf(key: Buffer | null): string {
  const [first = ''] = (key?.toString('utf8') ?? '').split('/');
  return tenantPattern.test(first) ? first : '';
}

function wholeNumber(text: string): number | null {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

function momentOf(text: string, otherwiseMs: number): number {
  const isMoment = (ms: number) => ms >= 0 && ms <= latestMs;
  return [Date.parse(text), otherwiseMs].find(isMoment) ?? 0;
}

function ownHeaders({ headers }: InRecord): DeadLetterHeader[] {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(ownPrefix))
    .flatMap(([name, value]) => [value ?? []].flat().map((one): DeadLetterHeader => [name, Buffer.from(one).toString('base64')]));
}
