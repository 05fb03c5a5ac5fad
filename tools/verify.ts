// npm run verify: everything that has to hold before a change is handed in; says which checks failed.
import { spawnSync } from 'node:child_process';
import { checkImports } from './import-rules.ts';
import { workspaceSources } from './workspace-sources.ts';

const bin = (name: string) => `node_modules/.bin/${name}`;
const run = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'inherit' }).status === 0;

const checks: [name: string, passes: () => boolean][] = [
  ['format and lint', () => run(bin('biome'), 'check', '--error-on-warnings', '.')],
  ['types', () => run(bin('tsc'), '-p', 'tsconfig.json')],
  ['types of the messages', () => run(process.execPath, 'tools/generate.ts', '--check')],
  ['types of the client', () => run(process.execPath, 'tools/client/generate.ts', '--check')],
  ['import rules', importsPass],
  ['tests', () => run(process.execPath, 'tools/test.ts')],
];

const failed = checks.filter(([name, passes]) => {
  console.log(`verify: ${name}`);
  return !passes();
});
for (const [name] of failed) console.error(`verify: ${name} failed`);
if (failed.length === 0) console.log('verify: all is well');
process.exitCode = failed.length === 0 ? 0 : 1;

function importsPass(): boolean {
  const faults = checkImports(workspaceSources());
  for (const { file, message } of faults) console.error(`${file} ${message}`);
  return faults.length === 0;
}
