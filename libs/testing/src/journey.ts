import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Millrace, type MillraceOptions, startMillrace } from './millrace.ts';

const evidenceDir = fileURLToPath(new URL('../../../.millrace/journeys', import.meta.url));

/**
 * One Millrace for all tests of a file: started before the first and stopped after the last. Where a test fails, the logs of
 * its services are kept (where is said), and those that have ended are started again for the next test. A function gives the
 * options once what they need is there.
 */
export function useMillrace(name: string, options: MillraceOptions | (() => MillraceOptions) = {}): () => Millrace {
  let millrace: Millrace | undefined;
  beforeAll(async () => {
    millrace = await startMillrace(name, typeof options === 'function' ? options() : options);
  });
  afterEach(async ({ task }) => {
    if (millrace === undefined || task.result?.state !== 'fail') return;
    keepEvidence(name, millrace);
    await millrace.services.restartEnded();
  });
  afterAll(() => millrace?.[Symbol.asyncDispose]());
  return () => {
    if (millrace === undefined) throw new Error('Expected to be asked by a test, but nothing is started yet');
    return millrace;
  };
}

function keepEvidence(name: string, { services }: Millrace): void {
  const directory = `${evidenceDir}/${name}`;
  mkdirSync(directory, { recursive: true });
  for (const service of services.names) writeFileSync(`${directory}/${service}.log`, services.output(service));
  console.error(`the services' logs are kept in ${directory}`);
}
