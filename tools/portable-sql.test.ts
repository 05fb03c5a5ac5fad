import { expect, test } from 'vitest';
import { workspaceSources } from './workspace-sources.ts';

// What only one of MySQL 8.4 and MariaDB 11.4 understands, with an example that the pattern must find.
const dialects: [whose: string, pattern: RegExp, example: string][] = [
  ['MariaDB', /\)\s+returning\b|\breturning\s+(?:\*|id\b)/i, 'insert into t (a) values (1) returning id'],
  ['MariaDB', /\b(?:add|drop|modify|change)\s+(?:column|index|key|constraint)\s+if\b/i, 'alter table t add column if not exists a int'],
  ['MariaDB', /\b(?:create|drop)\s+(?:unique\s+)?index\s+if\b/i, 'create index if not exists i on t (a)'],
  ['MariaDB', /\bcreate\s+or\s+replace\s+table\b/i, 'create or replace table t (a int)'],
  ['MariaDB', /\b(?:uuid|inet4|inet6)\s+(?:not\s+)?null\b/i, 'id uuid not null'],
  ['MariaDB', /\bset\s+statement\b/i, 'set statement max_statement_time = 1 for select 1'],
  ['MariaDB', /uca1400/i, 'collate utf8mb4_uca1400_ai_ci'],
  ['MySQL', /\butf8mb4_0900/i, 'collate utf8mb4_0900_ai_ci'],
  ['MySQL', /\)\s+as\s+new\b/i, 'insert into t (a) values (1) as new on duplicate key update a = new.a'],
  ['MySQL', /\bvalues\s+row\s*\(/i, 'values row(1, 2)'],
  ['MySQL', /[\w`]\s*->>?\s*['"]\$/, "select detail->>'$.reason'"],
  ['MySQL', /\b(?:key|index)\s+\w*\s*\(\s*\(/i, 'key k ((lower(name)))'],
  ['MySQL', /\bfor\s+share\b/i, 'select 1 from t for share'],
  ['MySQL', /\bmember\s+of\s*\(/i, "1 member of ('[1]')"],
  ['MySQL', /\blateral\s*\(/i, 'join lateral (select 1) as l'],
  ['those who cut texts silently', /\binsert\s+ignore\b/i, 'insert ignore into t values (1)'],
];

const sources = [...workspaceSources()]
  .filter(([file]) => /^(?:libs|services)\//.test(file) && !file.endsWith('.test.ts'))
  .map(([file, text]) => [file, text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')] as const);

test.each(dialects)('no statement speaks the dialect of %s: %s', (_, pattern, example) => {
  expect(example).toMatch(pattern);
  expect(sources.filter(([, text]) => pattern.test(text)).map(([file]) => file)).toEqual([]);
});

test('the statements are among what is read', () => {
  expect(sources.map(([file]) => file)).toEqual(expect.arrayContaining(['libs/db/src/sql/instances/insert-instances.ts']));
});
