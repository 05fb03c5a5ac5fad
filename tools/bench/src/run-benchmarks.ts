import { parseArgs } from 'node:util';
import { openBenchStack } from './bench-stack.ts';
import type { Benchmark, BenchResult } from './benchmark.ts';
import { formatResult } from './format-result.ts';

/** Runs those that the command line names, else all; `--json` prints one object on the last line. Exits 1 where a target is missed, 2 for a bad option. */
export async function runBenchmarks(benchmarks: Record<string, Benchmark>): Promise<void> {
  const { values, positionals } = parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
  const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) {
    console.error(`Expected names among ${Object.keys(benchmarks).join(', ')}, but got ${unknown.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const say = (line: string) => console.error(line);
  const results: BenchResult[] = [];
  await using stack = openBenchStack(say);
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    say(`${name}: ${benchmark.summary}`);
    const result = await benchmark.run({ stackEnv: stack.env, serverPids: stack.serverPids, say: (line) => say(`  ${line}`) });
    results.push(result);
    console.log(formatResult(result));
  }
  const targetsMet = results.every((result) => result.targets_met);
  if (values.json) console.log(JSON.stringify({ targets_met: targetsMet, results }));
  process.exitCode = targetsMet ? 0 : 1;
}
