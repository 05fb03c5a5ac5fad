import type { Bus, OutRecord } from '@millrace/bus';
import { RetryableError, TerminalError } from '@millrace/runtime';

export interface CommandSender extends AsyncDisposable {
  /** Resolves once the broker has acknowledged the record. Records that come while a send runs go together in the next one. */
  send(record: OutRecord): Promise<void>;
}

interface Waiting {
  record: OutRecord;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const mostWaiting = 10_000;
const mostAtOnce = 500;

/** The API's only producer of records: keeps one send in flight. Disposing sends what waits. */
export function createSender(bus: Pick<Bus, 'publish'>): CommandSender {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const publish = async (batch: Waiting[]): Promise<void> => {
    try {
      await bus.publish(batch.map(({ record }) => record));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      // One record that can't be sent must not take the others with it.
      if (error instanceof TerminalError && batch.length > 1) for (const single of batch) await publish([single]);
      else for (const { reject } of batch) reject(error);
    }
  };
  const drain = async () => {
    while (waiting.length > 0) await publish(waiting.splice(0, mostAtOnce));
    running = undefined;
  };

  return {
    send: (record) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= mostWaiting) {
          reject(
            new RetryableError('kafka_unavailable', `Expected fewer than ${mostWaiting} records to wait for Kafka, but there are more`),
          );
          return;
        }
        waiting.push({ record, resolve, reject });
        running ??= drain();
      }),
    async [Symbol.asyncDispose]() {
      await running;
    },
  };
}
