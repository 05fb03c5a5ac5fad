import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A Markdown file of the project; `file` is its path from the root. */
export interface Document {
  file: string;
  text: string;
}

export const readDocument = (file: string): Document => ({ file, text: readFileSync(`${root}${file}`, 'utf8') });

export const documents: Document[] = globSync(['README.md', 'docs/**/*.md', 'services/*/README.md'], { cwd: root })
  .sort()
  .map(readDocument);

/** What stands between backquotes. */
export const codesIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code as string);

/** The cells of the table whose head begins with this word, without the head. */
export function tableOf({ file, text }: Document, head: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\| ${head} +\\|`).test(line));
  if (start < 0) throw new Error(`Expected a table of ${head} in ${file}, but there is none`);
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return (end < 0 ? rest : rest.slice(0, end)).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Settings by name with their defaults, from a table of both; a dash is no default. */
export function settingsIn(document: Document): Record<string, string | null> {
  const rows = tableOf(document, 'setting').map(([names = '', defaults = '']) => {
    const values = defaults.match(/`[^`]*`|–/g) ?? [];
    return codesIn(names).map(
      (name, index) => [name, values[index]?.startsWith('`') ? (values[index] as string).slice(1, -1) : null] as const,
    );
  });
  return Object.fromEntries(rows.flat());
}
