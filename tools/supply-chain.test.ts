import { globSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectDir } from './stack/src/project.ts';

type Versions = Record<string, string>;
interface Needs {
  dependencies?: Versions;
  optionalDependencies?: Versions;
}
interface Manifest extends Needs {
  devDependencies?: Versions;
  license?: string | { type: string };
}
interface Lockfile {
  importers: Record<string, Record<keyof Needs, Record<string, { version: string }> | undefined>>;
  packages: Record<string, { resolution: { integrity?: string } }>;
  snapshots: Record<string, Needs & { optional?: boolean }>;
}

const read = (path: string) => readFileSync(`${projectDir}/${path}`, 'utf8');
const lockfile = parse(read('pnpm-lock.yaml')) as Lockfile;
const workspace = parse(read('pnpm-workspace.yaml')) as { allowBuilds?: Record<string, boolean>; dangerouslyAllowAllBuilds?: boolean };
const installedFolders = readdirSync(`${projectDir}/node_modules/.pnpm`);
const manifests = ['package.json', ...globSync('{libs,services,tools,test}/*/package.json', { cwd: projectDir })];

const permissive = [
  'MIT',
  'MIT-0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Python-2.0',
  'Unlicense',
];

// Packages whose package.json names no licence of the list, and why they may be used all the same.
const exceptions: [name: RegExp, license: string, reason: string][] = [
  [/^@kafkajs\/confluent-schema-registry$/, '', 'Its file LICENSE is that of MIT.'],
  [/^lightningcss(-[\w-]+)?$/, 'MPL-2.0', 'Comes with the test runner, is never changed, and no service imports it.'],
];

test('the lockfile holds a SHA-512 of every package', () => {
  const packages = Object.entries(lockfile.packages);
  expect(packages.length).toBeGreaterThan(100);
  expect(packages.filter(([, { resolution }]) => !/^sha512-[\w+/]{86}==$/.test(resolution.integrity ?? '')).map(([key]) => key)).toEqual(
    [],
  );
});

test('no package may run a script when it is installed', () => {
  expect(workspace.dangerouslyAllowAllBuilds ?? false).toBe(false);
  expect(Object.entries(workspace.allowBuilds ?? {}).filter(([, isAllowed]) => isAllowed !== false)).toEqual([]);
  for (const manifest of manifests) expect(JSON.parse(read(manifest))).not.toHaveProperty('pnpm');
});

test.each(manifests)('%s asks for exact versions', (manifest) => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(manifest)) as Manifest;
  const asked = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const loose = asked.filter(([name, version]) => (name.startsWith('@millrace/') ? version !== 'workspace:*' : !isExact(version)));
  expect(loose).toEqual([]);
});

test('every package that runs in production has a permissive licence', () => {
  const keys = productionPackages();
  expect(keys.size).toBeGreaterThan(50);
  const faults: string[] = [];
  for (const key of keys) {
    const license = licenseOf(key);
    if (license === null ? lockfile.snapshots[key]?.optional : isPermissive(license)) continue;
    if (exceptions.some(([name, itsLicense]) => name.test(nameOf(key)) && itsLicense === license)) continue;
    faults.push(`${key}: ${license}`);
  }
  expect(faults).toEqual([]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['MIT AND Apache-2.0', true],
  ['MIT AND GPL-3.0', false],
  ['GPL-3.0', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['', false],
])('the licence %j is permissive: %s', (license, expected) => {
  expect(isPermissive(license)).toBe(expected);
});

test.each([
  ['1.2.3', true],
  ['2.0.0-beta.2', true],
  ['^1.2.3', false],
  ['~1.2.3', false],
  ['1.2', false],
  ['*', false],
  ['latest', false],
  ['1.2.3 || 2.0.0', false],
  ['https://example.com/a.tgz', false],
])('the version %j is exact: %s', (version, expected) => {
  expect(isExact(version)).toBe(expected);
});

function isExact(version: string): boolean {
  return /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version);
}

/** Of licences to choose from one has to be permissive, of those that hold together all. */
function isPermissive(license: string): boolean {
  const isListed = (id: string) => permissive.includes(id.trim());
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every(isListed));
}

/** Keys of the lockfile's snapshots: what the packages of the workspace need to run, and what that needs. */
function productionPackages(): Set<string> {
  const found = new Set<string>();
  const visit = (name: string, version: string) => {
    const key = version in lockfile.snapshots ? version : `${name}@${version}`;
    if (version.startsWith('link:') || found.has(key)) return;
    found.add(key);
    const { dependencies, optionalDependencies } = lockfile.snapshots[key] ?? {};
    for (const [next, nextVersion] of Object.entries({ ...dependencies, ...optionalDependencies })) visit(next, nextVersion);
  };
  for (const { dependencies, optionalDependencies } of Object.values(lockfile.importers)) {
    for (const [name, { version }] of Object.entries({ ...dependencies, ...optionalDependencies })) visit(name, version);
  }
  return found;
}

function nameOf(key: string): string {
  return key.slice(0, key.indexOf('@', 1));
}

/** null where it isn't installed, which is right only of an optional package for another platform. */
function licenseOf(key: string): string | null {
  const folder = (key.split('(')[0] ?? '').replace('/', '+');
  const installed = installedFolders.find((name) => name === folder || name.startsWith(`${folder}_`));
  if (installed === undefined) return null;
  const { license } = JSON.parse(read(`node_modules/.pnpm/${installed}/node_modules/${nameOf(key)}/package.json`)) as Manifest;
  return (typeof license === 'object' ? license.type : license) ?? '';
}
