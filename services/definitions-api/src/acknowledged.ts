import { RetryableError } from '@millrace/runtime';

/** How long a request waits for the broker, in milliseconds. */
export const acknowledgedWithinMs = 5_000;

/** A broker that doesn't acknowledge in time is away as far as the caller can tell; the record may still arrive, which is harmless. */
export async function within(ms: number, sent: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new RetryableError('kafka_unavailable', `Expected Kafka to acknowledge within ${ms} ms, but it did not`)),
      ms,
    );
  });
  try {
    await Promise.race([sent, late]);
  } finally {
    clearTimeout(timer);
  }
}
