import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { runCommand, say, stateDir } from './project.mjs';

const nodeVersion = '24.21.0';
const pnpmVersion = '12.21.0';
const oldestNode = [24, 11];

const directory = `${stateDir}/toolchain`;
const target = `${process.platform}-${process.arch}`;
const bins = `${directory}/node_modules/.bin`;
const ownNode = `${directory}/node_modules/node-${target}/bin/node`;

/** Finds or fetches Node and pnpm. `env` is the environment in which scripts run: both are first on its PATH. */
export async function installToolchain() {
  const current = isRecent(process.versions.node);
  const packages = [`pnpm@${pnpmVersion}`, ...(current ? [] : [`node-${target}@${nodeVersion}`])];
  const marker = `${directory}/installed-${packages.join('+')}`;
  if (!existsSync(marker)) {
    if (!answers(current)) {
      const why = current ? '' : ` (this one is ${process.versions.node}, Millrace needs ${oldestNode.join('.')})`;
      say(`fetching ${packages.join(' and ')}${why}`);
      mkdirSync(directory, { recursive: true });
      if (!existsSync(`${directory}/package.json`)) writeFileSync(`${directory}/package.json`, '{ "private": true }\n');
      const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
      // npm would try for minutes, without a word, where the registry can't be reached.
      const impatient = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];
      await runCommand('npm', ['install', '--prefix', directory, ...quiet, ...impatient, ...packages], process.env);
      if (!answers(current)) throw new Error(`Expected ${packages.join(' and ')} to run on ${target}, but they do not answer --version`);
    }
    writeFileSync(marker, '');
  }
  const node = current ? process.execPath : ownNode;
  const path = [node.slice(0, node.lastIndexOf('/')), bins, process.env.PATH].join(':');
  return { pnpm: `${bins}/pnpm`, env: { ...process.env, PATH: path, MILLRACE_NODE: node } };
}

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

function answers(current) {
  const pnpm = versionOf(`${bins}/pnpm`) === pnpmVersion;
  return pnpm && (current || versionOf(ownNode) === `v${nodeVersion}`);
}

function versionOf(command) {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
