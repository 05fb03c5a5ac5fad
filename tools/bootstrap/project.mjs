import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const stateDir = `${root}/.millrace`;

/** Says what happens on stderr, so that stdout stays the script's own. */
export function say(message) {
  console.error(`bootstrap: ${message}`);
}

/** Runs a command with its output on stderr; rejects when it cannot be started or does not end with 0. */
export function runCommand(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
    child.on('error', (error) => reject(new Error(`Expected ${command} to start, but ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`Expected \`${command} ${args.join(' ')}\` to succeed, but it ended with ${signal ?? code}`));
    });
  });
}
