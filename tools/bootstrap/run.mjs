// Runs a TypeScript file of this workspace on a bare clone: `node tools/bootstrap/run.mjs <script.ts> [arguments]`.
// Plain JavaScript without dependencies, because it is what fetches them. It needs Node 20 and npm.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import process from 'node:process';
import { installDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { root, say, stateDir } from './project.mjs';
import { installToolchain } from './toolchain.mjs';

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error('Expected a script to run: node tools/bootstrap/run.mjs <script.ts> [arguments]');
  process.exit(2);
}

try {
  mkdirSync(stateDir, { recursive: true });
  const onWait = (pid) => say(`waiting for another run (process ${pid}) to finish its set-up`);
  const env = await withLock(`${stateDir}/bootstrap.lock`, onWait, async () => {
    const toolchain = await installToolchain();
    await installDependencies(toolchain);
    return toolchain.env;
  });
  run(env);
} catch (error) {
  console.error(`bootstrap: ${error.message}`);
  process.exit(1);
}

function run(env) {
  const child = spawn(env.MILLRACE_NODE, ['--disable-warning=ExperimentalWarning', script, ...args], { cwd: root, env, stdio: 'inherit' });
  // A terminal gives Ctrl-C to the child as well; one from `kill` reaches only this process.
  const forward = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
  child.on('error', (error) => {
    console.error(`bootstrap: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
