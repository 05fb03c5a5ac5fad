import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter } from 'node:path';

export interface CommandResult {
  ok: boolean;
  output: string;
}

/** Runs a command to its end; never rejects: a command that cannot be started is not ok. */
export function runCommand(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {}) {
  const { timeoutMs = 0, ...rest } = options;
  return new Promise<CommandResult>((resolve) => {
    execFile(command, args, { ...rest, timeout: timeoutMs, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`;
      resolve({ ok: error === null, output: error === null || output !== '' ? output : error.message });
    });
  });
}

/** The path of a command on PATH (and in `moreFolders`), or null. */
export function findCommand(name: string, moreFolders: string[] = []): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...moreFolders];
  return folders.map((folder) => `${folder}/${name}`).find(isExecutable) ?? null;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The command that installs a package with the system's package manager. */
export function installCommand(packages: { apt: string; dnf: string; brew: string }): string {
  if (findCommand('apt-get')) return `sudo apt-get install -y ${packages.apt}`;
  if (findCommand('dnf')) return `sudo dnf install -y ${packages.dnf}`;
  return `brew install ${packages.brew}`;
}
