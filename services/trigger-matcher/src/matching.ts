import type { Bus, InRecord, OutRecord } from '@millrace/bus';
import type { Codec } from '@millrace/messages';
import { createGiveWay, type Logger, RetryableError, TerminalError } from '@millrace/runtime';
import { createEventCommands } from './event-commands.ts';
import type { TriggerIndex } from './index/trigger-index.ts';
import { metrics } from './metrics.ts';

interface Dependencies {
  bus: Bus;
  codec: Codec;
  index: TriggerIndex;
  logger: Logger;
}

/** A command on its way, and the event that causes it. */
interface Caused {
  record: InRecord;
  command: OutRecord;
}

const mostWaitingBytes = 8 * 1024 * 1024;

/**
 * Handles a batch: its commands in as few sends as their size allows, bad records to the dead-letter topic, and only then the
 * offsets. Throws RetryableError while Kafka or the registry is away; safe to repeat, as the same events give the same commands.
 */
export async function matchBatch(records: readonly InRecord[], dependencies: Dependencies): Promise<void> {
  const current = records.filter((record) => !record.assignment.isRevoked());
  const faults = new Map<InRecord, TerminalError>();
  const waiting: Caused[] = [];
  const giveWay = createGiveWay();
  let waitingBytes = 0;
  let matched = 0;
  let commands = 0;

  const send = async () => {
    commands += waiting.length;
    waitingBytes = 0;
    for (const { record, error } of await publish(dependencies.bus, waiting.splice(0))) faults.set(record, error);
  };
  for (const record of current) {
    try {
      const before = commands + waiting.length;
      for await (const command of createEventCommands(record, dependencies)) {
        waiting.push({ record, command });
        waitingBytes += command.value?.length ?? 0;
        if (waitingBytes >= mostWaitingBytes) await send();
      }
      if (commands + waiting.length > before) matched += 1;
    } catch (error) {
      if (error instanceof RetryableError) throw error;
      faults.set(record, error instanceof TerminalError ? error : unprocessable(error));
    }
    await giveWay();
  }
  await send();
  await Promise.all([...faults].map(([record, fault]) => bury(record, fault, dependencies)));
  for (const record of records) record.done();

  metrics.events.add(current.length);
  metrics.matched.add(matched);
  metrics.unmatched.add(Math.max(0, current.length - matched - faults.size));
  metrics.commands.add(commands);
}

/** Publishes in order. What the brokers refuse for good is found by halving, and the rest is published. */
async function publish(bus: Bus, caused: readonly Caused[]): Promise<{ record: InRecord; error: TerminalError }[]> {
  const [first] = caused;
  if (first === undefined) return [];
  try {
    await bus.publish(caused.map(({ command }) => command));
    return [];
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    if (caused.length === 1) return [{ record: first.record, error }];
  }
  const middle = caused.length >> 1;
  return [...(await publish(bus, caused.slice(0, middle))), ...(await publish(bus, caused.slice(middle)))];
}

/** Without the payload: it may hold what nobody but the tenant may read. */
async function bury(record: InRecord, { code, message }: TerminalError, { bus, logger }: Dependencies): Promise<void> {
  await bus.deadLetter(record, code, message);
  const { topic, partition, offset } = record;
  logger.warn({ code, topic, partition, offset }, 'dead letter');
  metrics.deadLettered.add(1, { reason: code });
}

function unprocessable(error: unknown): TerminalError {
  return new TerminalError('unprocessable', error instanceof Error ? error.message : String(error), { cause: error });
}
