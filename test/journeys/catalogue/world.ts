import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WorldRequest {
  path: string;
  atMs: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Endpoints outside of Millrace that answer, refuse, stall and break as their paths say. */
export interface World extends AsyncDisposable {
  origin: string;
  host: string;
  requestsTo(path: string): WorldRequest[];
  /** Lets what waits at a path of `/held` have its answer. */
  release(path: string): void;
}

type Behaviour = (response: ServerResponse, request: WorldRequest, nth: number) => void;

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Starts it on loopback. A path is its behaviour and what tells it from others: `/flaky/a` is none of the requests to `/flaky/b`. */
export async function startWorld(): Promise<World> {
  const requests: WorldRequest[] = [];
  const held = new Map<string, () => void>();
  const behaviours: Record<string, Behaviour> = {
    ok: (response) => json(response, 200, { id: 42 }),
    echo: (response, { headers, body }) => json(response, 200, { headers, body }),
    missing: (response) => json(response, 404, {}),
    flaky: (response, _, nth) => json(response, nth <= 2 ? 500 : 200, {}),
    busy: (response, _, nth) => (nth === 1 ? json(response, 429, {}, { 'retry-after': '1' }) : json(response, 200, {})),
    'refuses-once': (response, _, nth) => json(response, nth === 1 ? 400 : 200, { nth }),
    silent: () => undefined,
    reset: (response) => void response.destroy(),
    held: (response, { path }) => void held.set(path, () => json(response, 200, {})),
    large: (response) => json(response, 200, 'x'.repeat(15_000)),
  };
  const server = createServer(async (incoming, response) => {
    const atMs = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = { path: incoming.url ?? '', atMs, headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') };
    requests.push(request);
    const behaviour = behaviours[request.path.split('/')[1] ?? ''];
    const nth = requests.filter(({ path }) => path === request.path).length;
    if (behaviour === undefined) json(response, 501, {});
    else behaviour(response, request, nth);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    host,
    requestsTo: (path) => requests.filter((request) => request.path === path),
    release: (path) => held.get(path)?.(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
