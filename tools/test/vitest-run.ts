import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How many tests passed and failed; `ok` is false as well when vitest itself failed. */
export interface Tally {
  passed: number;
  failed: number;
  ok: boolean;
}

interface Run {
  project: string;
  directory: string;
  options: string[];
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Runs one of vitest's projects in a process of its own. A file that cannot even be loaded counts as one failure. */
export async function runVitest({ project, directory, options, env, signal }: Run): Promise<Tally> {
  const report = `${directory}/${project}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  // They mostly wait for servers: two at once, where vitest would take one of two cores.
  const workers = project === 'integration' ? ['--maxWorkers=2'] : [];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...workers, ...reporters, ...options];
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  signal.removeEventListener('abort', stop);
  const tally = readReport(report);
  if (code !== 0 && tally.failed === 0) tally.failed = 1;
  return { ...tally, ok: code === 0 && tally.failed === 0 };
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

function readReport(file: string): Omit<Tally, 'ok'> {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return { passed: 0, failed: 0 };
  }
  const unloadable = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloadable };
}
