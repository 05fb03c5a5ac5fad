import { parseArgs } from 'node:util';
import { openBenchStack } from './bench-stack.ts';
import type { Benchmark, BenchResult } from './benchmark.ts';
import { formatResult } from './format-result.ts';

/**
 * Runs those that the command line names, else all; `--json` prints one object on the last line, `--<size> N` changes a size of those that have
 * it, `--<choice> A,B` what they choose. Exits 1 where a target is missed, 2 for a bad option.
 */
export async function runBenchmarks(benchmarks: Record<string, Benchmark>): Promise<void> {
  const command = readCommand(benchmarks);
  if (command === null) {
    process.exitCode = 2;
    return;
  }
  const { names, json, sizes, choices } = command;
  const say = (line: string) => console.error(line);
  const results: BenchResult[] = [];
  await using stack = openBenchStack(say);
  for (const [name, benchmark] of Object.entries(benchmarks)) {
    if (names.length > 0 && !names.includes(name)) continue;
    say(`${name}: ${benchmark.summary}`);
    const result = await benchmark.run({
      stackEnv: stack.env,
      serverPids: stack.serverPids,
      say: (line) => say(`  ${line}`),
      size: (size) => sizes.get(size) ?? (benchmark.sizes?.[size] as number),
      choice: (choice) => choices.get(choice) ?? (benchmark.choices?.[choice] as readonly string[]),
    });
    results.push(result);
    console.log(formatResult(result));
  }
  const targetsMet = results.every((result) => result.targets_met);
  if (json) console.log(JSON.stringify({ targets_met: targetsMet, results }));
  process.exitCode = targetsMet ? 0 : 1;
}

interface Command {
  names: string[];
  json: boolean;
  sizes: ReadonlyMap<string, number>;
  choices: ReadonlyMap<string, readonly string[]>;
}

/** null, and why on the error output, for what isn't one. */
function readCommand(benchmarks: Record<string, Benchmark>): Command | null {
  const sizeNames = [...new Set(Object.values(benchmarks).flatMap(({ sizes = {} }) => Object.keys(sizes)))];
  const allChoices = Object.assign({}, ...Object.values(benchmarks).map(({ choices = {} }) => choices)) as Record<
    string,
    readonly string[]
  >;
  const textOptions = Object.fromEntries([...sizeNames, ...Object.keys(allChoices)].map((name) => [name, { type: 'string' as const }]));
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean', default: false }, ...textOptions },
      allowPositionals: true,
    });
    const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
    if (unknown.length > 0)
      throw new TypeError(`Expected names among ${Object.keys(benchmarks).join(', ')}, but got ${unknown.join(', ')}`);
    const sizes = new Map<string, number>();
    for (const name of sizeNames) {
      const text = (values as Record<string, unknown>)[name];
      if (text === undefined) continue;
      if (!/^[1-9]\d{0,8}$/.test(String(text))) throw new TypeError(`Expected a whole number for --${name}, but got ${String(text)}`);
      sizes.set(name, Number(text));
    }
    const choices = new Map<string, readonly string[]>();
    for (const [name, known] of Object.entries(allChoices)) {
      const text = (values as Record<string, unknown>)[name];
      if (text !== undefined) choices.set(name, readChoice(name, String(text), known));
    }
    return { names: positionals, json: values.json === true, sizes, choices };
  } catch (error) {
    console.error((error as Error).message);
    return null;
  }
}

function readChoice(name: string, text: string, known: readonly string[]): string[] {
  const chosen = text === 'none' ? [] : text.split(',');
  const unknown = chosen.filter((each) => !known.includes(each));
  if (unknown.length > 0) throw new TypeError(`Expected --${name} among ${known.join(', ')}, or none, but got ${unknown.join(', ')}`);
  return known.filter((each) => chosen.includes(each));
}
