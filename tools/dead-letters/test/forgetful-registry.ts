import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a schema registry that can forget a schema, as one does that was restored from an old backup. */
export interface ForgetfulRegistry extends AsyncDisposable {
  url: string;
  forget(schemaId: number): void;
  remember(schemaId: number): void;
}

export async function startForgetfulRegistry(registryUrl: string): Promise<ForgetfulRegistry> {
  const forgotten = new Set<string>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (forgotten.has(path)) return void response.writeHead(404).end('{"error_code": 40403, "message": "No content with that id"}');
    const chunks: Buffer[] = await Array.fromAsync(request);
    const { 'content-type': contentType = 'application/json' } = request.headers;
    const answer = await fetch(`${registryUrl}${path}`, {
      method: request.method ?? 'GET',
      headers: { 'content-type': contentType },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pathOf = (schemaId: number) => `/schemas/ids/${schemaId}`;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forget: (schemaId) => void forgotten.add(pathOf(schemaId)),
    remember: (schemaId) => void forgotten.delete(pathOf(schemaId)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
