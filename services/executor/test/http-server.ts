import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** As the bytes came. */
  body: Buffer;
}

export interface HttpServer extends AsyncDisposable {
  origin: string;
  host: string;
  /** Whole requests, in the order of their ends. */
  requests: ReceivedRequest[];
  connections(): number;
  /** Bytes written to clients, of connections that are closed too. */
  bytesSent(): number;
}

/** A server on loopback that answers what it is told to, once it has the whole request. */
export async function startHttpServer(answer: (response: ServerResponse, request: ReceivedRequest) => void = ok): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const listener: RequestListener = async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks) };
    requests.push(request);
    answer(response, request);
  };
  const server = createServer((incoming, response) => void Promise.resolve(listener(incoming, response)).catch(() => response.destroy()));
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    host,
    requests,
    connections: () => sockets.size,
    bytesSent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export const ok = (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');

export const redirectTo =
  (location: string, status = 302) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { location }).end();
