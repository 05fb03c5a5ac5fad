import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export type StepFile = 'db-migrate' | 'schemas-register' | 'topics-apply';

/** Runs a deploy step as `npm run` does, with these settings over the stack's. */
export async function runStepFile(step: StepFile, env: Record<string, string>) {
  const file = fileURLToPath(new URL(`../${step}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number, stdout, stderr };
}
