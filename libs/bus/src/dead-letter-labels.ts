import { topics } from '@millrace/messages';
import { type Headers, headerText, type InRecord } from './record.ts';

/** What the headers of a record in a dead-letter topic say of it. */
export interface DeadLetterLabels {
  /** Without the installation's prefix. */
  originTopic: string;
  originPartition: number;
  originOffset: number;
  reason: string;
  message: string;
  /** Which service gave the record up. */
  service: string;
  /** null where it isn't told, or is no time. */
  atMs: number | null;
}

const prefix = 'dead-letter-';
const longestMessage = 1_000;
const longestName = 64;
const latestMs = Date.parse('9999-12-31T23:59:59.999Z');
const topicNames = new Set<string>(Object.values(topics).map(({ name }) => name));

/** The headers that a record gets on its way into its dead-letter topic; those that it has stay beside them. */
export function labelDeadLetter(
  record: Pick<InRecord, 'topic' | 'partition' | 'offset' | 'headers'>,
  { reason, message, service, topicPrefix }: { reason: string; message: string; service: string; topicPrefix: string },
): Headers {
  return {
    ...record.headers,
    [`${prefix}origin-topic`]: `${topicPrefix}${record.topic}`,
    [`${prefix}origin-partition`]: String(record.partition),
    [`${prefix}origin-offset`]: record.offset,
    [`${prefix}reason`]: reason,
    [`${prefix}message`]: message.slice(0, longestMessage),
    [`${prefix}service`]: service,
    [`${prefix}at`]: new Date().toISOString(),
  };
}

/** null where the headers don't say from which place of which topic the record comes, and why: nobody labelled it. */
export function readDeadLetterLabels(record: Pick<InRecord, 'headers'>, topicPrefix: string): DeadLetterLabels | null {
  const label = (name: string) => headerText(record, `${prefix}${name}`) ?? '';
  const topic = label('origin-topic');
  const originTopic = topic.startsWith(topicPrefix) ? topic.slice(topicPrefix.length) : '';
  const [originPartition, originOffset] = [wholeNumber(label('origin-partition')), wholeNumber(label('origin-offset'))];
  const reason = label('reason').slice(0, longestName);
  if (!topicNames.has(originTopic) || originPartition === null || originOffset === null || reason === '') return null;
  const atMs = Date.parse(label('at'));
  return {
    originTopic,
    originPartition,
    originOffset,
    reason,
    message: label('message').slice(0, longestMessage),
    service: label('service').slice(0, longestName),
    atMs: atMs >= 0 && atMs <= latestMs ? atMs : null,
  };
}

/** The headers that the record had before it was given up. */
export function withoutDeadLetterLabels(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(prefix)));
}

function wholeNumber(text: string): number | null {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
