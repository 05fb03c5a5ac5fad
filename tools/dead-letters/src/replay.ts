import type { Bus, Headers } from '@millrace/bus';
import {
  countDeadLetters,
  type Database,
  type DeadLetterFilter,
  type DeadLetterOrigin,
  type DeadLetterRow,
  type DeadLetterSummary,
  findDeadLetter,
  findDeadLetters,
  markReplayed,
} from '@millrace/db';
import { topics } from '@millrace/messages';
import { TerminalError } from '@millrace/runtime';
import { placeOf } from './letter-view.ts';
import type { Outcome } from './outcome.ts';
import { terminalText } from './terminal-text.ts';
import { unknownIds } from './unknown-ids.ts';

const pageSize = 100;

interface Failure {
  id: number;
  message: string;
}

/**
 * Publishes letters again in the order in which they lay on their partitions, one by one, each marked once the brokers have it: bytes,
 * key, headers and partition are those of the record. What is given up again while this runs isn't among them. Safe to repeat: ids are
 * derived from what the record says, so that a record that was handled after all starts nothing twice.
 */
export async function replay({ db, bus }: { db: Database; bus: Bus }, filter: DeadLetterFilter): Promise<Outcome> {
  const { lastId } = await countDeadLetters(db.pool, filter);
  const replayed: DeadLetterSummary[] = [];
  const failures: Failure[] = (await unknownIds(db, filter)).map((id) => ({ id, message: 'there is no such dead letter' }));
  let stop: string | null = null;
  for await (const summary of lettersOf(db, filter, lastId)) {
    try {
      const letter = await findDeadLetter(db.pool, summary.id);
      if (letter === null) continue;
      await publish(bus, letter);
      await markReplayed(db.pool, summary.id, Date.now());
      replayed.push(summary);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.push({ id: summary.id, message });
      if (error instanceof TerminalError) continue;
      stop = message;
      break;
    }
  }
  return outcomeOf(replayed, failures, stop);
}

async function* lettersOf(db: Database, filter: DeadLetterFilter, lastId: number): AsyncGenerator<DeadLetterSummary> {
  for (let after: DeadLetterOrigin | null = null; ; ) {
    const page: DeadLetterSummary[] = await findDeadLetters(db.pool, filter, { order: 'origin', after, lastId, limit: pageSize });
    yield* page;
    if (page.length < pageSize) return;
    after = page.at(-1) ?? null;
  }
}

/** Throws TerminalError `origin_unknown` where no topic is the record's, and as the bus does. */
async function publish(bus: Bus, letter: DeadLetterRow): Promise<void> {
  const topic = Object.values(topics).find(({ name }) => name === letter.originTopic);
  if (topic === undefined) {
    throw new TerminalError(
      'origin_unknown',
      `Expected the record's headers to say which topic it comes from, but they don't (it lies on ${letter.originTopic})`,
    );
  }
  await bus.publish([
    {
      topic,
      tenantId: letter.tenantId,
      partition: letter.originPartition,
      key: letter.key,
      value: letter.value,
      headers: headersOf(letter),
    },
  ]);
}

function headersOf({ headers }: DeadLetterRow): Headers {
  const valuesByName = Map.groupBy(headers, ([name]) => name);
  return Object.fromEntries([...valuesByName].map(([name, all]) => [name, all.map(([, base64]) => Buffer.from(base64, 'base64'))]));
}

function outcomeOf(replayed: readonly DeadLetterSummary[], failures: readonly Failure[], stop: string | null): Outcome {
  const byTopic = [...Map.groupBy(replayed, ({ originTopic }) => originTopic)].map(([topic, letters]) => `${letters.length} to ${topic}`);
  return {
    json: { replayed: replayed.map(({ id }) => id), failed: failures, stopped: stop },
    lines: [
      ...(replayed.length <= 20 ? replayed.map((letter) => `replayed ${letter.id} to ${placeOf(letter)}`) : []),
      ...failures.map(({ id, message }) => `not replayed: ${id}: ${terminalText(message)}`),
      `${replayed.length} replayed${byTopic.length === 0 ? '' : ` (${byTopic.join(', ')})`}${failures.length === 0 ? '' : `, ${failures.length} not`}.`,
      ...(stop === null ? [] : ['Stopped there: what is left still waits, and the same command goes on with it.']),
    ],
    hasFailed: failures.length > 0,
  };
}
