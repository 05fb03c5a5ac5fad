import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';

export interface Server extends AsyncDisposable {
  port: number;
}

/** Requests that run at the stop get this long. */
const drainMs = 20_000;

/** Serves an application. Disposing takes no new connection, lets running requests end and closes idle connections at once. */
export async function startServer<S>(app: Koa<S>, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer(app.callback());
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
