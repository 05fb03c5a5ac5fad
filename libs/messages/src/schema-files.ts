import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Schema } from 'avsc';

const ownSchemasDir = new URL('../../../schemas/', import.meta.url);

/** Reads a schema; the same file always gives the same minified text, which is what the registry knows it by. */
export function readSchema(schemaFile: string, schemasDir?: string): { schema: Schema; text: string } {
  const dir = schemasDir === undefined ? ownSchemasDir : pathToFileURL(`${schemasDir}/`);
  const schema = JSON.parse(readFileSync(new URL(schemaFile, dir), 'utf8')) as Schema;
  return { schema, text: JSON.stringify(schema) };
}
