import { headerText, type InRecord } from '@millrace/bus';
import { deadLetterTopic, type Topic } from '@millrace/messages';
import type { Installation } from './installation.ts';
import { readTopic } from './topic-reader.ts';

/** A record of a dead-letter topic. */
export interface DeadLetter {
  key: string;
  value: Buffer | null;
  reason: string;
  /** `<topic without prefix>/<partition>/<offset>`. */
  origin: string;
  /** A header that the record had from the beginning, where it had one. */
  mark: string | undefined;
}

export interface DeadLetters extends AsyncDisposable {
  /** What has been read until now. */
  all(): DeadLetter[];
}

/** Reads the dead-letter topic of a topic from its beginning on. */
export async function readDeadLetters(installation: Installation, topic: Topic<unknown>): Promise<DeadLetters> {
  const reader = await readTopic(installation, deadLetterTopic(topic));
  return {
    all: () => reader.records.map((record) => deadLetterOf(record, installation.prefix)),
    [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
  };
}

function deadLetterOf(record: InRecord, prefix: string): DeadLetter {
  const header = (name: string) => headerText(record, name) ?? '';
  const topic = header('dead-letter-origin-topic').slice(prefix.length);
  return {
    key: String(record.key),
    value: record.value,
    reason: header('dead-letter-reason'),
    origin: `${topic}/${header('dead-letter-origin-partition')}/${header('dead-letter-origin-offset')}`,
    mark: headerText(record, 'mark'),
  };
}
