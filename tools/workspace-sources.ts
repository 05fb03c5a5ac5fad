import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** All TypeScript of the workspace: path from the root → text. */
export function workspaceSources(): Map<string, string> {
  const files = globSync('{libs,services,tools,test}/**/*.ts', { cwd: root, exclude: (path) => /(^|\/)node_modules$/.test(path) });
  return new Map(files.sort().map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')]));
}
