import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';

/** What a command line asks for. */
export interface Command {
  names: string[];
  json: boolean;
  /** Into docs/benchmarks.md. */
  write: boolean | undefined;
  sizes: ReadonlyMap<string, number>;
  choices: ReadonlyMap<string, readonly string[]>;
}

type Named = Record<string, Pick<Benchmark, 'sizes' | 'choices'>>;

/** Reads the arguments for these benchmarks. Throws TypeError, with a message for its user, for what isn't a command. */
export function readCommand(benchmarks: Named, args: readonly string[]): Command {
  const sizeNames = [...new Set(Object.values(benchmarks).flatMap(({ sizes = {} }) => Object.keys(sizes)))];
  const knownBy = new Map(Object.values(benchmarks).flatMap(({ choices = {} }) => Object.entries(choices)));
  const textOptions = Object.fromEntries([...sizeNames, ...knownBy.keys()].map((name) => [name, { type: 'string' as const }]));
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false }, write: { type: 'boolean' }, ...textOptions },
    allowPositionals: true,
  });
  const texts = new Map(Object.entries(values as Record<string, string | boolean>).map(([name, value]) => [name, String(value)]));
  const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
  if (unknown.length > 0) throw new TypeError(`Expected names among ${Object.keys(benchmarks).join(', ')}, but got ${unknown.join(', ')}`);
  return {
    names: positionals,
    json: values.json === true,
    write: values.write as boolean | undefined,
    sizes: readAll(texts, sizeNames, readSize),
    choices: readAll(texts, [...knownBy.keys()], (name, text) => readChoice(name, text, knownBy.get(name) ?? [])),
  };
}

/** What is said of these options. */
function readAll<T>(
  texts: ReadonlyMap<string, string>,
  names: readonly string[],
  readOne: (name: string, text: string) => T,
): Map<string, T> {
  const said = names.filter((name) => texts.has(name));
  return new Map(said.map((name) => [name, readOne(name, texts.get(name) as string)]));
}

function readSize(name: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new TypeError(`Expected a whole number for --${name}, but got ${text}`);
  return Number(text);
}

/** In the order in which they are known. */
function readChoice(name: string, text: string, known: readonly string[]): string[] {
  const chosen = text === 'none' ? [] : text.split(',');
  const unknown = chosen.filter((each) => !known.includes(each));
  if (unknown.length > 0) throw new TypeError(`Expected --${name} among ${known.join(', ')}, or none, but got ${unknown.join(', ')}`);
  return known.filter((each) => chosen.includes(each));
}
