import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('../../peers', import.meta.url));
const installed = fileURLToPath(new URL('../../../../.millrace/peers', import.meta.url));
const manifests = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];

/**
 * Installs a peer's locked packages into `.millrace/peers/<peer>` where they aren't there yet, and puts its driver beside them, so that it finds
 * them. Answers the driver's folder. Rejected where the registry or a package can't be had.
 */
export async function installPeer(peer: string, say: (line: string) => void): Promise<string> {
  const from = `${sources}/${peer}`;
  const folder = `${installed}/${peer}`;
  const wanted = createHash('sha256');
  for (const name of manifests) wanted.update(readFileSync(`${from}/${name}`));
  mkdirSync(`${folder}/${peer}`, { recursive: true });
  const marker = `${folder}/installed`;
  const fingerprint = wanted.digest('hex');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== fingerprint) {
    say(`installing ${peer}`);
    for (const name of manifests) cpSync(`${from}/${name}`, `${folder}/${name}`);
    await install(folder);
    writeFileSync(marker, fingerprint);
  }
  cpSync(`${sources}/shared`, `${folder}/shared`, { recursive: true });
  for (const name of readdirSync(from).filter((each) => each.endsWith('.mjs'))) cpSync(`${from}/${name}`, `${folder}/${peer}/${name}`);
  return `${folder}/${peer}`;
}

async function install(folder: string): Promise<void> {
  const child = spawn('pnpm', ['install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: folder,
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`Expected pnpm to install ${folder}, but it ended with ${code}`);
}
