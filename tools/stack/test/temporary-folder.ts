import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';

/** A folder of its own, gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(`${tmpdir()}/millrace-stack-`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
