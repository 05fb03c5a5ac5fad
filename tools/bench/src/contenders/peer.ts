import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Contender, OpenRoundResult, RoundResult } from './contender.ts';
import { installPeer } from './install-peer.ts';

interface RoundLine {
  per_second: number;
  cpu_us: Record<string, number>;
  faults: string[];
  latencies_ms?: number[];
}

/** A contender that is another program. Some can be asked for a round at a steady rate. */
export interface Peer extends Contender {
  runOpenRound(events: number, perSecond: number): Promise<OpenRoundResult>;
}

const answersWithinMs = 300_000;
const stopBoundMs = 30_000;

/** A driver of `peers/<peer>` with its servers. Rejected where it can't be installed or started. */
export async function startPeer(peer: string, driver: string, say: (line: string) => void): Promise<Peer> {
  return startDriver(`${await installPeer(peer, say)}/${driver}`);
}

/**
 * Starts a script that answers by lines: the first of all once it is ready, then one for each `{"events": N}` or `{"events": N, "per_second": R}`; it ends with its input. Rejected, as
 * its rounds are, where it ends before or takes over five minutes.
 */
export async function startDriver(script: string): Promise<Peer> {
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
  const run = async (round: { events: number; per_second?: number }): Promise<OpenRoundResult> => {
    input.write(`${JSON.stringify(round)}\n`);
    const line = (await answer('a round')) as RoundLine;
    return { perSecond: line.per_second, cpuUs: line.cpu_us, faults: line.faults, latenciesMs: line.latencies_ms ?? [] };
  };
  return {
    async runRound(events): Promise<RoundResult> {
      const { latenciesMs: _, ...result } = await run({ events });
      return result;
    },
    runOpenRound: (events, perSecond) => run({ events, per_second: perSecond }),
    [Symbol.asyncDispose]: stop,
  };
}
