import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const preload = new URL('./stepped-date.ts', import.meta.url).href;
const libraries = [
  '/usr/lib/x86_64-linux-gnu/faketime',
  '/usr/lib/aarch64-linux-gnu/faketime',
  '/usr/lib/faketime',
  '/usr/lib64/faketime',
].map((folder) => `${folder}/libfaketimeMT.so.1`);

/** The wall clock of processes that a test starts; their monotonic clock is left as it is. */
export interface SteppedClock extends AsyncDisposable {
  /** How it is stepped: for the whole process, or as its JavaScript sees it. */
  readonly by: 'libfaketime' | 'preload';
  /** For the processes that are to have it. */
  readonly env: Record<string, string>;
  /** Sets it so many seconds off the true time. */
  set(offsetSeconds: number): Promise<void>;
}

/** Begins at the true time. `libfaketime` (a package of most systems) is taken where it is installed, unless `by` says otherwise. */
export async function createSteppedClock(by?: SteppedClock['by']): Promise<SteppedClock> {
  const library = by === 'preload' ? undefined : libraries.find((path) => existsSync(path));
  if (by === 'libfaketime' && library === undefined) throw new Error(`Expected libfaketime in one of ${libraries.join(', ')}, but not`);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-clock-'));
  const file = join(folder, 'offset');
  const set = async (offsetSeconds: number) => {
    await writeFile(`${file}.next`, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`);
    await rename(`${file}.next`, file);
  };
  await set(0);
  const env: Record<string, string> =
    library === undefined
      ? { NODE_OPTIONS: `--import=${preload}`, STEPPED_CLOCK_FILE: file }
      : { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_NO_CACHE: '1' };
  return {
    by: library === undefined ? 'preload' : 'libfaketime',
    env,
    set,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
