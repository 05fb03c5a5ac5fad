import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface KafkaProxy extends AsyncDisposable {
  /** What clients take for the broker. */
  broker: string;
  /** Keeps what clients send from the broker, until it is let through. */
  hold(): void;
  letThrough(): void;
}

/**
 * Stands in front of a broker, for clients that are sent here again by its metadata: where the broker names itself, the answer names the
 * proxy's port instead, which is as long.
 */
export async function startKafkaProxy(broker: string): Promise<KafkaProxy> {
  const [host = '', port = ''] = broker.split(':');
  const clients = new Set<Socket>();
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
    client.pipe(upstream);
    if (isHeld) client.pause();
    upstream.on('data', (chunk) => client.write(renamed(chunk, named(host, Number(port)), named(host, ownPort))));
  }).listen(0, '127.0.0.1');
  let isHeld = false;
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
    async [Symbol.asyncDispose]() {
      server.close();
      for (const client of clients) client.destroy();
    },
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
