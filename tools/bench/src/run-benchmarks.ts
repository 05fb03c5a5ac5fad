import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBenchStack } from './bench-stack.ts';
import type { Benchmark, BenchResult } from './benchmark.ts';
import { formatResult } from './format-result.ts';
import { sampleIdleShare } from './idle-share.ts';
import { type Command, readCommand } from './read-command.ts';
import { type Measured, writeResults } from './results-table.ts';

const document = fileURLToPath(new URL('../../../docs/benchmarks.md', import.meta.url));

/**
 * Runs those that the command line names, else all; `--json` prints one object on the last line, `--<size> N` changes a size of those that have
 * it, `--<choice> A,B` what they choose, `--write` puts the results into docs/benchmarks.md. Exits 1 where a target is missed, 2 for a bad option.
 */
export async function runBenchmarks(benchmarks: Record<string, Benchmark>): Promise<void> {
  const command = commandOf(benchmarks);
  if (command === null) {
    process.exitCode = 2;
    return;
  }
  const { names, json, write, sizes, choices } = command;
  const say = (line: string) => console.error(line);
  const measured: Measured[] = [];
  await using stack = openBenchStack(say);
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (names.length > 0 && !names.includes(name)) continue;
    say(`${name}: ${benchmark.summary}`);
    const idleShare = await sampleIdleShare();
    const result = await benchmark.run({
      stackEnv: stack.env,
      serverPids: stack.serverPids,
      say: (line) => say(`  ${line}`),
      size: (size) => sizes.get(size) ?? (benchmark.sizes?.[size] as number),
      choice: (choice) => choices.get(choice) ?? (benchmark.choices?.[choice] as readonly string[]),
    });
    const idle = { machine_idle_percent_before: Math.round(idleShare * 100) };
    const whole: BenchResult = { ...result, figures: { ...result.figures, ...idle } };
    const one: Measured = { result: whole, summary: benchmark.summary, day: new Date().toISOString().slice(0, 10) };
    measured.push(one);
    console.log(formatResult(whole));
    // At once: a long run that is ended keeps what it has measured.
    if (write === true) writeFileSync(document, writeResults(readFileSync(document, 'utf8'), [one]));
  }
  const results = measured.map(({ result }) => result);
  const targetsMet = results.every((result) => result.targets_met);
  if (json) console.log(JSON.stringify({ targets_met: targetsMet, results }));
  process.exitCode = targetsMet ? 0 : 1;
}

/** null, and why on the error output, for what isn't one. */
function commandOf(benchmarks: Record<string, Benchmark>): Command | null {
  try {
    return readCommand(benchmarks, process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    return null;
  }
}
