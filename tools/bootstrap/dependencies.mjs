import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { root, runCommand, say } from './project.mjs';

const marker = `${root}/node_modules/.millrace-installed`;

/** Installs the locked dependencies when the lockfile or a package.json has changed since the last time. */
export async function installDependencies({ pnpm, env }) {
  const wanted = fingerprint();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  say('installing the locked dependencies');
  // CI=true: pnpm then never asks a question.
  await runCommand(pnpm, ['install', '--frozen-lockfile', '--reporter=append-only'], { ...env, CI: 'true', NODE_ENV: 'development' });
  writeFileSync(marker, wanted);
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...memberManifests()]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(`${root}/${file}`))
      .update('\0');
  }
  return hash.digest('hex');
}

function memberManifests() {
  const globs = readFileSync(`${root}/pnpm-workspace.yaml`, 'utf8').matchAll(/^\s+-\s*['"]?([\w-]+)\/\*['"]?\s*$/gm);
  return [...globs]
    .flatMap(([, folder]) =>
      existsSync(`${root}/${folder}`) ? readdirSync(`${root}/${folder}`).map((name) => `${folder}/${name}/package.json`) : [],
    )
    .filter((file) => existsSync(`${root}/${file}`))
    .sort();
}
