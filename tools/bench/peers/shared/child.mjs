import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

/** A folder for a server's data beside the installed peers: on the same disk as their programs. */
export function dataFolder(name) {
  return mkdtempSync(resolve(import.meta.dirname, `../data-${name}-`));
}

/**
 * Starts a server. It ends with this process, kill -9 of it aside, and its folder goes then. What it writes goes to the error output.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { folder: string, abort: NodeJS.Signals }} options `abort` ends it at once, with its children
 */
export function startServer(program, args, { folder, abort, ...options }) {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
  let isWanted = true;
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  child.on('error', (error) => fail(`${program} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (isWanted) fail(`${program} has ended with ${signal ?? code}`);
  });
  const clean = () => {
    isWanted = false;
    child.kill(abort);
    remove();
  };
  process.on('exit', clean);
  return {
    pid: child.pid,
    async stop(signal) {
      isWanted = false;
      const ended = new Promise((done) => child.once('exit', done));
      child.kill(signal);
      await ended;
      process.off('exit', clean);
      remove();
    },
  };
}

/** Asks again until `attempt` no longer throws; throws its last error after a minute. */
export async function untilItWorks(attempt) {
  const deadline = performance.now() + 60_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

export function freePort() {
  return new Promise((done, refuse) => {
    const server = createServer();
    server.on('error', refuse);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
