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

const answersWithinMs = 300_000;
const stopBoundMs = 30_000;

/** A driver of `peers/<peer>` with its servers. Rejected where it can't be installed or started. */
export async function startPeer(peer: string, driver: string, say: (line: string) => void): Promise<Contender> {
  return startDriver(`${await installPeer(peer, say)}/${driver}`);
}

/**
 * Starts a script that answers by lines: the first of all once it is ready, then one for each `{"events": N}`; it ends with its input. Rejected, as
 * its rounds are, where it ends before or takes over five minutes.
 */
export async function startDriver(script: string): Promise<Contender> {
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=DeprecationWarning', script], { stdio: ['pipe', 'pipe', 2] });
  const input = child.stdin as Writable;
  // That it has ended is what its answers tell.
  input.on('error', () => {});
  const lines = createInterface({ input: child.stdout as Readable });
  const ended = once(child, 'exit');
  const answer = async (what: string): Promise<unknown> => {
    const timeout = AbortSignal.timeout(answersWithinMs);
    const late = once(timeout, 'abort').then(() => Promise.reject(new Error(`Expected ${what} of ${script}, but it takes too long`)));
    const gone = ended.then(([code]) => Promise.reject(new Error(`Expected ${what} of ${script}, but it has ended with ${code}`)));
    const [line] = (await Promise.race([once(lines, 'line'), gone, late])) as [string];
    return JSON.parse(line);
  };
  const stop = async () => {
    input.end();
    const timer = setTimeout(() => child.kill('SIGTERM'), stopBoundMs);
    await ended;
    clearTimeout(timer);
  };
  await answer('a sign that it is ready').catch(async (error) => {
    child.kill('SIGTERM');
    await ended;
    throw error;
  });
  return {
    async runRound(events): Promise<RoundResult> {
      input.write(`${JSON.stringify({ events })}\n`);
      const round = (await answer('a round')) as RoundLine;
      return { perSecond: round.per_second, cpuUs: round.cpu_us, faults: round.faults };
    },
    [Symbol.asyncDispose]: stop,
  };
}
