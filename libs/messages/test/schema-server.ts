import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import avsc from 'avsc';

/** A registry that only tells schemas by id, and the bytes that their writers would send. */
export interface SchemaServer extends AsyncDisposable {
  url: string;
  /** The reader's bytes: the value as a producer with this schema writes it. */
  write(schema: string, value: unknown): Buffer;
}

export async function startSchemaServer(): Promise<SchemaServer> {
  const schemas: string[] = [];
  const server = createServer((request, response) => {
    const schema = schemas[Number(/\/schemas\/ids\/(\d+)$/.exec(request.url ?? '')?.[1])];
    response.writeHead(schema === undefined ? 404 : 200).end(JSON.stringify(schema === undefined ? {} : { schema }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    write(schema, value) {
      if (!schemas.includes(schema)) schemas.push(schema);
      const header = Buffer.alloc(5);
      header.writeInt32BE(schemas.indexOf(schema), 1);
      return Buffer.concat([header, avsc.Type.forSchema(JSON.parse(schema) as avsc.Schema).toBuffer(value)]);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
