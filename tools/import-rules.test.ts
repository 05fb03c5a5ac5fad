import { expect, test } from 'vitest';
import { checkImports, findCycles, importsOf } from './import-rules.ts';
import { workspacePackages } from './workspace-sources.ts';

const check = (sources: Record<string, string>) =>
  checkImports(new Map(Object.entries(sources))).map((fault) => `${fault.file}: ${fault.message}`);

test.each([
  ['libs/workflow/src/a.ts', "import { readFileSync } from 'node:fs';", 'libs/workflow may not import node:fs'],
  ['libs/workflow/src/a.ts', "import { z } from 'zod';", null],
  ['libs/workflow/src/a.test.ts', "import fc from 'fast-check';", null],
  ['libs/messages/src/a.ts', "import { connectBus } from '@millrace/bus';", 'libs/messages may not import @millrace/bus'],
  ['libs/db/src/a.ts', "export { codec } from '@millrace/messages';", 'libs/db may not import @millrace/messages'],
  ['libs/runtime/src/a.ts', "import { Kafka } from 'kafkajs';", 'libs/runtime may not import kafkajs'],
  ['libs/bus/src/a.ts', "import { Kafka } from 'kafkajs';", null],
  ['libs/bus/src/a.ts', "import { createInstallation } from '@millrace/testing';", 'libs/bus may not import @millrace/testing'],
  [
    'libs/bus/src/a.integration.test.ts',
    "import { createInstallation } from '@millrace/testing';",
    'libs/bus may not import @millrace/testing',
  ],
  ['services/executor/src/a.test.ts', "import { createInstallation } from '@millrace/testing';", null],
  [
    'services/executor/src/a.ts',
    "import { createInstallation } from '@millrace/testing';",
    'services/executor may not import @millrace/testing',
  ],
  ['services/executor/src/a.ts', "import { Kafka } from 'kafkajs';", 'services/executor may not import kafkajs'],
  [
    'services/executor/src/a.ts',
    "import { run } from '../../scheduler/src/main.ts';",
    'reaches into services/scheduler by a path: import its package',
  ],
  ['services/executor/src/a.ts', "import { startStack } from '@millrace/stack';", 'services/executor may not import @millrace/stack'],
  [
    'services/executor/src/a.ts',
    "import { secret } from '@millrace/db/src/orm.ts';",
    "imports @millrace/db/src/orm.ts: only a package's root may be imported",
  ],
  ['tools/demo/src/a.ts', "import { Kafka } from 'kafkajs';", null],
])('%s with %s', (file, text, fault) => {
  expect(check({ [file]: text })).toEqual(fault === null ? [] : [`${file}: ${fault}`]);
});

test('a cycle of files is shown once, with its path', () => {
  const sources = {
    'libs/db/src/a.ts': "import { b } from './b.ts';",
    'libs/db/src/b.ts': "import { c } from './inner/c.ts';",
    'libs/db/src/inner/c.ts': "import { a } from '../a.ts';",
  };
  expect(check(sources)).toEqual([
    'libs/db/src/a.ts: imports itself: libs/db/src/a.ts → libs/db/src/b.ts → libs/db/src/inner/c.ts → libs/db/src/a.ts',
  ]);
});

test('two files that only know each other by type are no cycle', () => {
  expect(check({ 'libs/db/src/a.ts': "import type { B } from './b.ts';", 'libs/db/src/b.ts': "import { a } from './a.ts';" })).toEqual([]);
});

test('imports are found in every form, and not in comments', () => {
  const text = `import 'side';\nimport a, {\n  b,\n} from "many";\nexport * from 'all';\n// import x from 'comment';\nawait import('later');`;
  expect(importsOf(text).map(({ specifier }) => specifier)).toEqual(['side', 'many', 'all', 'later']);
});

test('no package of the workspace depends on itself by way of others, its tests included', () => {
  expect(findCycles(new Map(workspacePackages().map(({ name, needs }) => [name, needs])))).toEqual([]);
});
