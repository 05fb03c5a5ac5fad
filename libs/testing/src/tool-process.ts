import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface FinishedTool {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `tools/<name>/src/main.ts` to its end, in a process of its own, with these settings and no others. */
export async function runTool(name: string, args: readonly string[], env: Record<string, string>): Promise<FinishedTool> {
  const child = spawn(process.execPath, [`tools/${name}/src/main.ts`, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}
