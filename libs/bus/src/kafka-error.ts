import { RetryableError, TerminalError } from '@millrace/runtime';

type KafkaError = Error & { type?: string; cause?: unknown };

const tooLarge = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

function chainOf(error: unknown): KafkaError[] {
  const chain: KafkaError[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = (at as KafkaError).cause) chain.push(at as KafkaError);
  return chain;
}

/** What kafkajs threw, as TerminalError `message_too_large` or RetryableError `kafka_unavailable`. */
export function translateKafkaError(error: unknown): TerminalError | RetryableError {
  if (error instanceof TerminalError || error instanceof RetryableError) return error;
  if (chainOf(error).some(({ type }) => type !== undefined && tooLarge.has(type))) {
    return new TerminalError('message_too_large', 'Expected a record that its topic takes, but it is too large', { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new RetryableError('kafka_unavailable', `Expected Kafka to answer, but: ${message}`, { cause: error });
}
