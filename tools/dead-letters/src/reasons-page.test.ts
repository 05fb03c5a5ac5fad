import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const sources = 'services/{trigger-matcher,executor,audit-logger}/src/**/*.ts libs/{messages,bus}/src/**/*.ts'.split(' ');

/** Terminal errors of these never are a dead letter's reason. */
const elsewhere = [
  'services/executor/src/effects/', // Outcomes of actions.
  'services/executor/src/http/',
  'services/executor/src/attempt.ts',
  'services/executor/src/secrets.ts',
  'services/trigger-matcher/src/definition.ts', // A definition that can't be read leaves the one before in force.
  'services/trigger-matcher/src/definitions-reader.ts',
  'services/audit-logger/src/write-transaction.ts', // Found by halving, then row_refused.
  'libs/bus/src/apply-topics.ts', // Deploy steps.
  'libs/messages/src/registry.ts',
];

/** How a reason is written, and in which files that means one. */
const spellings: [spelling: RegExp, where: string][] = [
  [/new TerminalError\(\s*'([a-z_]+)'/g, ''],
  [/\.deadLetter\([^;]*?'([a-z_]+)'/g, ''],
  [/: \{ code: '([a-z_]+)', message: String\(error\) \}/g, 'services/executor/src/dispatcher.ts'],
  [/\breason: '([a-z_]+)'/g, 'services/audit-logger/src/dead-letters/'],
];

function codesOfTheCode(): string[] {
  const codes = new Set<string>();
  for (const file of globSync(sources, { cwd: root })) {
    if (file.endsWith('.test.ts') || elsewhere.some((start) => file.startsWith(start))) continue;
    const text = readFileSync(`${root}${file}`, 'utf8');
    for (const [spelling, where] of spellings) {
      if (file.startsWith(where)) for (const match of text.matchAll(spelling)) codes.add(match[1] ?? '');
    }
  }
  return [...codes];
}

function codesOfThePage(): string[] {
  const page = readFileSync(`${root}docs/dead-letters.md`, 'utf8');
  return [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map((match) => match[1] ?? '');
}

test('every reason that the code gives is on the operator’s page, and no other', () => {
  expect(codesOfTheCode().sort()).toEqual(codesOfThePage().sort());
});

test('the page has each reason once, with a cause and a remedy', () => {
  const codes = codesOfThePage();
  expect(new Set(codes).size).toBe(codes.length);
  const rows = readFileSync(`${root}docs/dead-letters.md`, 'utf8').match(/^\| `.*$/gm) ?? [];
  for (const row of rows) expect(row.split(' | ').map((cell) => cell.replace(/[| ]/g, '').length > 2)).toEqual([true, true, true, true]);
});

test('the files that are left out, or looked at more closely, exist', () => {
  for (const start of [...elsewhere, ...spellings.map(([, where]) => where)])
    expect([start, globSync(`${start}*`, { cwd: root }).length > 0]).toEqual([start, true]);
});
