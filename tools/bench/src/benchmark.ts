/** What a benchmark may use and must say. */
export interface BenchContext {
  /** Where its stack is: settings as the services read them. */
  stackEnv(): Promise<Record<string, string>>;
  /** Processes of the stack that it may measure, by name; none where it runs elsewhere. */
  serverPids(): Promise<Record<string, number>>;
  say(line: string): void;
  /** Of the benchmark's `sizes`, as the command line has them. */
  size(name: string): number;
  /** Of the benchmark's `choices`, as the command line has them. */
  choice(name: string): readonly string[];
}

/** A figure beside what it is held against. */
export interface Target {
  name: string;
  figure: number;
  /** `figure` must be at least, or at most, this. */
  atLeast?: number;
  atMost?: number;
  met: boolean;
}

export interface BenchResult {
  name: string;
  /** Units are in the names: `…_per_second`, `…_ms`, `…_mb`, `…_ratio`. */
  figures: Record<string, number>;
  targets: Target[];
  /** All targets, and whatever accounts the benchmark checks. */
  targets_met: boolean;
  /** In Markdown, for docs/benchmarks.md. */
  table?: string;
  /** What each round came to. */
  rounds?: readonly object[];
  /** What could not be measured, and why. */
  unavailable?: Record<string, string>;
}

export interface Benchmark {
  summary: string;
  /** What `--<name> N` changes, and what it is otherwise. */
  sizes?: Readonly<Record<string, number>>;
  /** What `--<name> A,B` chooses from: all of them unless it is said, nothing with `none`. */
  choices?: Readonly<Record<string, readonly string[]>>;
  run(context: BenchContext): Promise<BenchResult>;
}

export function atLeast(name: string, figure: number, bound: number): Target {
  return { name, figure, atLeast: bound, met: figure >= bound };
}

export function atMost(name: string, figure: number, bound: number): Target {
  return { name, figure, atMost: bound, met: figure <= bound };
}

export function createResult(name: string, figures: Record<string, number>, targets: Target[]): BenchResult {
  return { name, figures, targets, targets_met: targets.every((target) => target.met) };
}
