/** What a benchmark may use and must say. */
export interface BenchContext {
  /** Where its stack is: settings as the services read them. */
  stackEnv(): Promise<Record<string, string>>;
  /** Processes of the stack that it may measure, by name; none where it runs elsewhere. */
  serverPids(): Promise<Record<string, number>>;
  say(line: string): void;
  /** Of the benchmark's `sizes`, as the command line has them. */
  size(name: string): number;
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
}

export interface Benchmark {
  summary: string;
  /** What `--<name> N` changes, and what it is otherwise. */
  sizes?: Readonly<Record<string, number>>;
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
