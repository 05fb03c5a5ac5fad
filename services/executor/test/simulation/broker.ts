import type { Bus, OutRecord } from '@millrace/bus';
import { type Codec, partitionFor, topics } from '@millrace/messages';
import { RetryableError } from '@millrace/runtime';
import type { SimulatedProcess } from './process.ts';
import type { World } from './world.ts';

/** Partitions of `workflow.commands`. */
export const partitions = 3;

/** A record as it lies in a topic; its value is what was encoded. */
export interface LoggedRecord {
  partition: number;
  offset: number;
  timestampMs: number;
  key: Buffer;
  value: Buffer;
}

const keys = new Map<string, Buffer>();

/** Values pass through: what is written is what is read. The bytes only have a length. */
export const passThroughCodec: Codec = {
  encode: (_topic, value) => ({ length: 400, message: value }) as unknown as Buffer,
  decode: (_topic, bytes) => messageOf(bytes as Buffer) as never,
};

export function messageOf(value: Buffer): unknown {
  return (value as unknown as { message: unknown }).message;
}

/** A broker: logs that are only appended to. A send may be refused, be appended without an answer, or be appended after its sender gave up. */
export class SimulatedBroker {
  readonly #world: World;
  readonly #partitionsByTopic = new Map<string, LoggedRecord[][]>();
  readonly #listenersByTopic = new Map<string, ((record: LoggedRecord) => void)[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The records of a partition of `workflow.commands`, by offset. */
  commands(partition: number): LoggedRecord[] {
    return this.#log(topics.workflowCommands.name)[partition] as LoggedRecord[];
  }

  /** Tells of every record that is appended to a topic. */
  onAppended(topic: string, listen: (record: LoggedRecord) => void): void {
    this.#listenersByTopic.set(topic, [...(this.#listenersByTopic.get(topic) ?? []), listen]);
  }

  append({ topic, tenantId, entityType = '', entityId = '', value }: OutRecord): LoggedRecord {
    const partition = partitionFor({ tenantId, entityType, entityId, spread: partitions, partitions });
    const log = this.#log(topic.name)[partition] as LoggedRecord[];
    const key = keys.get(tenantId) ?? Buffer.from(tenantId);
    keys.set(tenantId, key);
    const record = { partition, offset: log.length, timestampMs: this.#world.nowMs, key, value: value as Buffer };
    log.push(record);
    for (const listen of this.#listenersByTopic.get(topic.name) ?? []) listen(record);
    return record;
  }

  busOf(process: SimulatedProcess): Pick<Bus, 'publish' | 'deadLetter'> {
    return {
      publish: (records) => this.#publish(process, records),
      deadLetter: async (record, reason, message) => {
        this.#world.break('P13', `${record.topic} ${record.partition}/${record.offset} became a dead letter: ${reason} ${message}`);
      },
    };
  }

  #publish(process: SimulatedProcess, records: readonly OutRecord[]): Promise<void> {
    const { time, random, faults } = this.#world;
    const latencyMs = () => (random.chance(0.9) ? random.between(1, 5) : random.between(5, 100));
    const isFaulty = random.chance(faults.broker);
    const fate = this.#world.isAway('broker')
      ? 'refused'
      : isFaulty
        ? random.pick(['refused', 'unanswered', 'late', 'torn'] as const)
        : 'answered';
    return new Promise((resolve, reject) => {
      const refuse = (ms: number) => time.after(ms, () => process.enter(() => reject(unavailable())));
      if (fate === 'refused' || fate === 'late') refuse(latencyMs());
      if (fate === 'refused') return;
      time.after(latencyMs() + (fate === 'late' ? random.between(1, 4_000) : 0), () => {
        if (process.status === 'dead' && random.chance(0.5)) return;
        // Each partition is a request of its own.
        for (const record of records) if (fate !== 'torn' || (record.entityId?.length ?? 0) % 2 === 0) this.append(record);
        if (fate === 'unanswered' || fate === 'torn') refuse(latencyMs());
        else if (fate === 'answered') time.after(latencyMs(), () => process.enter(resolve));
      });
    });
  }

  #log(topic: string): LoggedRecord[][] {
    let log = this.#partitionsByTopic.get(topic);
    if (log === undefined) {
      log = Array.from({ length: partitions }, () => []);
      this.#partitionsByTopic.set(topic, log);
    }
    return log;
  }
}

function unavailable(): RetryableError {
  return new RetryableError('kafka_unavailable', 'Expected an acknowledgement, but the connection was lost');
}
