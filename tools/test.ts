// npm test [unit|integration|journeys] [vitest's own filters and options]
import { globSync, mkdirSync, rmSync } from 'node:fs';
import { StackError } from '@millrace/stack';
import { startTestStack } from './test/test-stack.ts';
import { runVitest, type Tally } from './test/vitest-run.ts';

const kinds = ['unit', 'integration', 'journeys'] as const;
type Kind = (typeof kinds)[number];

const patterns: Record<Exclude<Kind, 'unit'>, string[]> = {
  integration: ['libs', 'services', 'tools', 'test'].map((folder) => `${folder}/**/*.integration.test.ts`),
  journeys: ['test/journeys/**/*.journey.test.ts'],
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  console.error(`stack: ${error.message}`);
  process.exitCode = 1;
}

async function main(args: string[]): Promise<number> {
  const chosen = kinds.filter((kind) => kind === args[0]);
  const options = chosen.length > 0 ? args.slice(1) : args;
  const selected = (chosen.length > 0 ? chosen : [...kinds]).filter((kind) => kind === 'unit' || hasTests(kind));
  const needsStack = selected.some((kind) => kind !== 'unit');
  const directory = `.millrace/test-stack-${process.pid}`;
  mkdirSync(directory, { recursive: true });

  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  const tally: Tally = { passed: 0, failed: 0, ok: true };
  const run = async (kind: Kind, env: NodeJS.ProcessEnv) => {
    if (interrupted.signal.aborted) return;
    const result = await runVitest({ project: kind, directory, options, env, signal: interrupted.signal });
    tally.passed += result.passed;
    tally.failed += result.failed;
    tally.ok &&= result.ok;
  };

  if (selected.includes('unit')) await run('unit', process.env);
  if (needsStack && !interrupted.signal.aborted) {
    await using stack = await startTestStack(directory);
    for (const kind of selected) if (kind !== 'unit') await run(kind, { ...process.env, ...stack.env });
  }
  if (tally.ok) rmSync(directory, { recursive: true, force: true });
  else console.log(`logs of the stack are kept in ${directory}`);
  if (interrupted.signal.aborted) console.log('interrupted');
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.ok && !interrupted.signal.aborted ? 0 : 1;
}

function hasTests(kind: Exclude<Kind, 'unit'>): boolean {
  return globSync(patterns[kind], { exclude: (path) => path === 'node_modules' || path.endsWith('/node_modules') }).length > 0;
}
