import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** All TypeScript of the workspace: path from the root → text. */
export function workspaceSources(): Map<string, string> {
  const files = globSync('{libs,services,tools,test}/**/*.ts', { cwd: root, exclude: (path) => /(^|\/)node_modules$/.test(path) });
  return new Map(files.sort().map((file) => [file, readFileSync(`${root}/${file}`, 'utf8')]));
}

/** The packages of the workspace with what their package.json asks for, for running and for tests. */
export function workspacePackages(): { name: string; needs: string[] }[] {
  return globSync('{libs,services,tools,test}/*/package.json', { cwd: root })
    .sort()
    .map((file) => {
      const { name, dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) as Manifest;
      return { name, needs: Object.keys({ ...dependencies, ...devDependencies }) };
    });
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}
