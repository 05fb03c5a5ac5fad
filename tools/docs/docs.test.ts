import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deadLetterName, type Topic, topics } from '@millrace/messages';
import { afterEach, expect, test, vi } from 'vitest';
import { workspaceSources } from '../workspace-sources.ts';
import { codesIn, documents, readDocument, root, settingsIn, tableOf } from './documents.ts';
import { ownSettings, sharedSettings } from './service-settings.ts';

const services = readdirSync(`${root}services`);
const operations = readDocument('docs/operations.md');
const scripts = Object.keys(JSON.parse(readFileSync(`${root}package.json`, 'utf8')).scripts);
const code = [...workspaceSources()].filter(([file]) => !file.endsWith('.test.ts')).map(([, text]) => text);

afterEach(() => void vi.unstubAllEnvs());

test.each(services)('the README of %s has its settings, with their defaults, and no others', async (service) => {
  const all = { ...sharedSettings(), ...settingsIn(readDocument(`services/${service}/README.md`)) };
  for (const name of Object.keys(all)) vi.stubEnv(name, undefined);
  vi.stubEnv('DATABASE_URL', 'mysql://user@host/database');
  expect(settingsIn(readDocument(`services/${service}/README.md`))).toEqual(await ownSettings(service));
});

test('the settings of every service are in the operations guide, with their defaults', () => {
  expect(settingsIn(operations)).toEqual(sharedSettings());
});

test('the topics in the operations guide are those that there are', () => {
  const table: Topic<unknown>[] = Object.values(topics);
  const named = tableOf(operations, 'topic').flatMap(([names = '', partitions = '']) => codesIn(names).map((name) => [name, partitions]));
  const real = table.map(({ name, partitions }) => [name, String(partitions)]);
  expect(named.sort()).toEqual([...real, [deadLetterName('<topic>'), 'as the topic']].sort());
});

test('each table of the database has its writer in the architecture', () => {
  const made = code.flatMap((text) => [...text.matchAll(/create table (?:if not exists )?(\w+) \(/g)].map(([, name]) => name as string));
  const owned = tableOf(readDocument('docs/architecture.md'), 'writer').flatMap(([, tables = '']) => codesIn(tables));
  expect([...new Set(made)].filter((name) => !owned.includes(name))).toEqual([]);
});

test('the metrics in the operations guide exist', () => {
  const named = codesIn(operations.text).filter((name) => /^(?:millrace|bus|process|nodejs)_\w+$/.test(name));
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !code.some((text) => text.includes(`'${name}'`)))).toEqual([]);
});

test.each(documents)('$file names only scripts that there are', ({ text }) => {
  const named = [...text.matchAll(/\bnpm (?:run (?:-s )?([\w:-]+)|(test|start)\b)/g)].map(([, script, short]) => script ?? short ?? '');
  expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
});

test.each(documents)('$file links only to what there is', ({ file, text }) => {
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link as string);
  expect(links.filter((link) => !leadsSomewhere(file, link))).toEqual([]);
});

test.each(documents)('$file names only files that there are', ({ file, text }) => {
  const named = codesIn(text).filter((name) => /^(?:libs|services|tools|schemas|docs|test)\/[\w./*-]*$/.test(name));
  const beside = codesIn(text).filter((name) => file.startsWith('services/') && /^src\/[\w./*-]*$/.test(name));
  const paths = [...named, ...beside.map((name) => join(dirname(file), name))];
  expect(paths.filter((path) => globSync(path.replace(/\/$/, ''), { cwd: root }).length === 0)).toEqual([]);
});

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : join(dirname(from), path);
  if (!existsSync(`${root}${target}`)) return false;
  if (anchor === undefined) return true;
  const headings = [...readDocument(target).text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading as string);
  return headings.some((heading) => slugOf(heading) === anchor);
}

const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
