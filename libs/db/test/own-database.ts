import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { connectDatabase, type Database, migrate } from '../src/index.ts';

export interface OwnDatabase extends Database {
  url: string;
}

/** A database that nobody else has, with all tables; disposing drops it. */
export async function createOwnDatabase(): Promise<OwnDatabase> {
  const base = process.env.DATABASE_URL ?? 'mysql://millrace:millrace@127.0.0.1:13306/millrace';
  const name = `millrace_db_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const url = Object.assign(new URL(base), { pathname: `/${name}` }).href;
  const admin = await createConnection(base);
  await admin.query(`create database ${name}`);
  await admin.end();
  await migrate({ url });
  const database = await connectDatabase({ url, poolSize: 2 });
  return {
    ...database,
    url,
    async [Symbol.asyncDispose]() {
      await database.pool.query(`drop database ${name}`);
      await database[Symbol.asyncDispose]();
    },
  };
}
