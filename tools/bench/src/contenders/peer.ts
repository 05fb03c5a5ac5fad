import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Contender, RoundResult } from './contender.ts';
import { installPeer } from './install-peer.ts';

interface RoundLine {
  per_second: number;
  cpu_us: Record<string, number>;
  faults: string[];
}

const readyWithinMs = 120_000;
const roundWithinMs = 300_000;

/** A driver of `peers/<peer>` with its servers: it answers a line a round. Rejected where it can't be installed or started. */
export async function startPeer(peer: string, driver: string, say: (line: string) => void): Promise<Contender> {
  const folder = await installPeer(peer, say);
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=DeprecationWarning', `${folder}/${driver}`], {
    stdio: ['pipe', 'pipe', 2],
  });
  const lines = createInterface({ input: child.stdout as Readable });
  const ended = once(child, 'exit');
  const answer = async (what: string, withinMs: number): Promise<unknown> => {
    const timeout = AbortSignal.timeout(withinMs);
    const late = once(timeout, 'abort').then(() => Promise.reject(new Error(`Expected ${what} of ${driver}, but there was none in time`)));
    const gone = ended.then(([code]) => Promise.reject(new Error(`Expected ${what} of ${driver}, but it has ended with ${code}`)));
    const [line] = (await Promise.race([once(lines, 'line'), gone, late])) as [string];
    return JSON.parse(line);
  };
  const stop = async () => {
    (child.stdin as Writable).end();
    const timer = setTimeout(() => child.kill('SIGTERM'), 30_000);
    await ended;
    clearTimeout(timer);
  };
  await answer('to be ready', readyWithinMs).catch(async (error) => {
    child.kill('SIGTERM');
    await ended;
    throw error;
  });
  return {
    async runRound(events): Promise<RoundResult> {
      (child.stdin as Writable).write(`${JSON.stringify({ events })}\n`);
      const round = (await answer('a round', roundWithinMs)) as RoundLine;
      return { perSecond: round.per_second, cpuUs: round.cpu_us, faults: round.faults };
    },
    [Symbol.asyncDispose]: stop,
  };
}
