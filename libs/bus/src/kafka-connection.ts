import { createRequire } from 'node:module';
import type { Logger } from '@millrace/runtime';
import { counter } from '@millrace/runtime';
import './compression.ts';
import kafkajs, { type ISocketFactory, type Kafka, type LogEntry, type SASLOptions } from 'kafkajs';

export interface KafkaSettings {
  brokers: string[];
  clientId: string;
  ssl?: boolean | undefined;
  sasl?: SASLOptions | undefined;
  /** How connections are opened; tests cut them here. */
  socketFactory?: ISocketFactory | undefined;
  logger: Logger;
}

/** About three seconds in all: what is away for longer is the caller's to retry. Given in full, as kafkajs has other defaults under test. */
export const retry = { initialRetryTime: 100, maxRetryTime: 1_000, factor: 0.2, multiplier: 2, retries: 5 };

interface RequestQueue {
  pending: unknown[];
  inflight: Map<number, { requestTimeout: number; timeoutRequest(): void }>;
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId: NodeJS.Timeout;
  requestTimeout: number;
  enforceRequestTimeout: boolean;
  checkPendingRequests(): void;
  isConnected(): boolean;
  destroy(): void;
}

interface ConsumerGroup {
  /** Of the last heartbeat, by the wall clock. */
  lastRequest: number;
  heartbeat(options: { interval: number }): Promise<void>;
}

const require = createRequire(import.meta.url);
const RequestQueue = require('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue & Record<string, unknown> };
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup.js') as { prototype: ConsumerGroup };

const { heartbeat } = ConsumerGroup.prototype;
/** Where the wall clock is set back kafkajs would send no heartbeat until it is where it was, and the group would give the partitions away. */
ConsumerGroup.prototype.heartbeat = function (this: ConsumerGroup, options) {
  if (this.lastRequest > Date.now()) this.lastRequest = 0;
  return heartbeat.call(this, options);
};

/** kafkajs 2.2.4 sets a negative timeout over and over, each connection for itself: a timer every millisecond. */
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const wait = Math.max(this.throttledUntil - Date.now(), 10);
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, wait);
};

/** When a request was first seen in flight, by the monotonic clock: a wall clock that is set ahead must not end them all. */
const seenAt = new WeakMap<object, number>();

/** Once a second rather than every 100 ms. */
RequestQueue.prototype.scheduleRequestTimeoutCheck = function (this: RequestQueue) {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  this.requestTimeoutIntervalId = setInterval(
    () => {
      const now = performance.now();
      for (const request of this.inflight.values()) {
        const since = seenAt.get(request) ?? now;
        seenAt.set(request, since);
        if (now - since > request.requestTimeout) request.timeoutRequest();
      }
      if (!this.isConnected()) this.destroy();
    },
    Math.min(this.requestTimeout, 1_000),
  );
};

const outOfRange = counter('bus_offset_out_of_range_total', 'positions that the broker no longer had: records may have been missed');

function logOf(logger: Logger): (entry: LogEntry) => void {
  return ({ level, namespace, log: { message, timestamp: _, logger: __, ...detail } }) => {
    if (message.startsWith('Offset out of range, resetting')) {
      outOfRange.add();
      logger.error({ ...detail, alarm: true }, 'offset out of range, reading from the earliest record on');
    } else if (level === kafkajs.logLevel.ERROR)
      logger.warn({ namespace, kafkajs: message, error: detail.error }, 'kafkajs reports an error');
    else logger.debug({ namespace, kafkajs: message, ...detail }, 'kafkajs reports');
  };
}

/** A client of its own: kafkajs shares committed offsets between the consumers of one client. */
export function createKafka({ brokers, clientId, ssl, sasl, socketFactory, logger }: KafkaSettings): Kafka {
  return new kafkajs.Kafka({
    brokers,
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    ...(socketFactory === undefined ? {} : { socketFactory }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => logOf(logger),
  });
}
