import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';

export interface Server extends AsyncDisposable {
  port: number;
}

/** Requests that run at the stop get this long. */
const drainMs = 20_000;
/** A client that sends its headers or its body more slowly is cut off. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;

/** Serves an application. Disposing takes no new connection, lets running requests end and closes idle connections at once. */
export async function startServer<S>(app: Koa<S>, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer({ headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs }, app.callback());
  server.on('clientError', refuseUnreadable);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), drainMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

const unreadable: Record<string, [status: number, code: string, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'headers_too_large', 'Expected headers of at most 16 KB together, but they are larger'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request_timeout', 'Expected the whole request sooner, but it did not come'],
};

/** What isn't HTTP never reaches the application; it gets a problem all the same, and the connection ends. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, code, detail] = unreadable[error.code ?? ''] ?? [400, 'malformed', 'Expected a well-formed request, but it is not'];
  const title = STATUS_CODES[status];
  const body = JSON.stringify({ type: 'about:blank', title, status, code, detail, request_id: randomUUID() });
  const head = `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n${body}`);
}
