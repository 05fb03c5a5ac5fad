import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Kinds of requests by their keys in Kafka's protocol. */
export const kafkaRequests = { produce: 0, offsetCommit: 8, heartbeat: 12 } as const;

export interface KafkaProxy extends AsyncDisposable {
  /** What clients take for the broker. */
  broker: string;
  /** Keeps what clients send from the broker, until it is let through. */
  hold(): void;
  letThrough(): void;
  /** From now on requests of this kind never come to the broker; their clients wait for an answer. */
  withhold(request: number): void;
  /** Requests of this kind that clients have sent, those that were withheld too. */
  sent(request: number): number;
}

/**
 * Stands in front of a broker, for clients that are sent here again by its metadata: where the broker names itself, the answer names the
 * proxy's port instead, which is as long.
 */
export async function startKafkaProxy(broker: string): Promise<KafkaProxy> {
  const [host = '', port = ''] = broker.split(':');
  const clients = new Set<Socket>();
  const withheld = new Set<number>();
  const counts = new Map<number, number>();
  let isHeld = false;
  const passes = (request: number) => {
    counts.set(request, (counts.get(request) ?? 0) + 1);
    return !withheld.has(request);
  };
  const server = createServer((client) => {
    clients.add(client);
    const upstream = connect({ host, port: Number(port) });
    client.on('error', () => client.destroy());
    upstream.on('error', () => upstream.destroy());
    client.on('close', () => {
      clients.delete(client);
      upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
    const forward = createFilter(passes, (frame) => upstream.write(frame));
    client.on('data', forward);
    if (isHeld) client.pause();
    upstream.on('data', (chunk) => client.write(renamed(chunk, named(host, Number(port)), named(host, ownPort))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ownPort = (server.address() as AddressInfo).port;
  return {
    broker: `127.0.0.1:${ownPort}`,
    hold() {
      isHeld = true;
      for (const client of clients) client.pause();
    },
    letThrough() {
      isHeld = false;
      for (const client of clients) client.resume();
    },
    withhold: (request) => void withheld.add(request),
    sent: (request) => counts.get(request) ?? 0,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}

/** Takes a client's bytes apart into requests, each with its length before and its kind behind that. */
function createFilter(passes: (request: number) => boolean, write: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 6) {
      const length = 4 + rest.readInt32BE(0);
      if (rest.length < length) return;
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      if (passes(frame.readInt16BE(4))) write(frame);
    }
  };
}

/** Host and port as Kafka's answers write them one after the other. */
function named(host: string, port: number): Buffer {
  const bytes = Buffer.alloc(host.length + 4);
  bytes.write(host);
  bytes.writeInt32BE(port, host.length);
  return bytes;
}

function renamed(chunk: Buffer, from: Buffer, to: Buffer): Buffer {
  const bytes = Buffer.from(chunk);
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + 1)) to.copy(bytes, at);
  return bytes;
}
