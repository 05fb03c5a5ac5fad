import { connect } from 'node:net';
import { createConnection } from 'mysql2/promise';

const timeoutMs = 2_000;

/** True once the broker is in the cluster: a Metadata request (version 1, no topics) lists at least one broker. */
export function kafkaAnswers(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    let received = Buffer.alloc(0);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('connect', () => socket.write(metadataRequest()));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      // length, correlation id, number of brokers
      if (received.length >= 12) end(received.readInt32BE(4) === 1 && received.readInt32BE(8) > 0);
    });
  });
}

export async function registryAnswers(url: string, headers: Record<string, string> = {}): Promise<boolean> {
  try {
    const response = await fetch(`${url}/subjects`, { headers, signal: AbortSignal.timeout(timeoutMs) });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

export async function databaseAnswers(url: string, ssl = false): Promise<boolean> {
  try {
    const connection = await createConnection({ uri: url, connectTimeout: timeoutMs, ...(ssl ? { ssl: {} } : {}) });
    try {
      await connection.query('SELECT 1');
      return true;
    } finally {
      await connection.end();
    }
  } catch {
    return false;
  }
}

function metadataRequest(): Buffer {
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(3, 4); // Metadata
  request.writeInt16BE(1, 6);
  request.writeInt32BE(1, 8); // correlation id
  request.writeInt16BE(-1, 12); // no client id
  request.writeInt32BE(0, 14); // no topics
  return request;
}
