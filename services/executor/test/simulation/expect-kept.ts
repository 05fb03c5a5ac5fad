import { type Result, simulate } from './simulate.ts';

/** Lines of a trace that a failure shows: its end. */
const mostLines = 200;

/** Throws where a seed breaks a promise: with the seed, what was broken and the end of its trace. */
export async function expectKept(seed: number): Promise<Result> {
  const result = await simulate(seed);
  if (result.violations.length > 0) throw new Error(await describe(seed));
  return result;
}

async function describe(seed: number): Promise<string> {
  const { violations, trace } = await simulate(seed, { isTraced: true });
  const broken = violations.map(({ message }) => `  ${message}`).join('\n');
  return `seed ${seed} breaks\n${broken}\nIts whole trace: npm run chaos -- simulation --seeds 1 --from ${seed}\n${trace.slice(-mostLines).join('\n')}`;
}
