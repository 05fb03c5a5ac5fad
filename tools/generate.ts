// Writes libs/messages/src/generated.ts from schemas/*.avsc. With --check it only compares, and exits 1 where they differ.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

type Schema = string | Schema[] | ComplexSchema;
interface ComplexSchema {
  type: Schema;
  name?: string;
  doc?: string;
  fields?: (ComplexSchema & { name: string; type: Schema })[];
  items?: Schema;
  values?: Schema;
  symbols?: string[];
}

const schemasDir = new URL('../schemas/', import.meta.url);
const target = new URL('../libs/messages/src/generated.ts', import.meta.url);

const primitives: Record<string, string> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Buffer',
};
const namespace = 'millrace';
const interfaces = new Map<string, string>();

/** How avsc tells the branches of a union apart; two of a kind and it wraps each in its name. */
function kindOf(schema: Schema): string {
  const name = typeof schema === 'string' ? schema : Array.isArray(schema) ? 'union' : schema.type;
  if (typeof name !== 'string') return kindOf(name);
  if (['record', 'map'].includes(name)) return 'object';
  return primitives[name] ?? (name === 'array' ? 'array' : 'object');
}

function branchName(schema: Schema): string {
  if (typeof schema === 'string') return primitives[schema] === undefined ? `${namespace}.${schema}` : schema;
  if (Array.isArray(schema)) throw new Error('Expected no union directly inside a union');
  return schema.name === undefined ? String(schema.type) : `${namespace}.${schema.name}`;
}

function typeOf(schema: Schema): string {
  if (typeof schema === 'string') return primitives[schema] ?? schema;
  if (Array.isArray(schema)) {
    const kinds = schema.map(kindOf);
    const isWrapped = new Set(kinds).size < kinds.length;
    return schema
      .map((branch) => (isWrapped && branch !== 'null' ? `{ '${branchName(branch)}': ${typeOf(branch)} }` : typeOf(branch)))
      .join(' | ');
  }
  if (schema.type === 'record') return declare(schema);
  if (schema.type === 'array') return arrayOf(typeOf(schema.items ?? 'null'));
  if (schema.type === 'map') return `{ [key: string]: ${typeOf(schema.values ?? 'null')} }`;
  return typeOf(schema.type);
}

function arrayOf(item: string): string {
  return item.includes(' ') ? `(${item})[]` : `${item}[]`;
}

function comment(doc: string | undefined, indent: string): string {
  return doc === undefined ? '' : `${indent}/** ${doc} */\n`;
}

function declare(schema: ComplexSchema): string {
  const { name, fields = [] } = schema;
  if (name === undefined) throw new Error('Expected a name for each record');
  const members = fields.map((field) => `${comment(field.doc, '  ')}  ${field.name}: ${typeOf(field.type)};\n`);
  const shape = `export interface ${name} {\n${members.join('')}}\n`;
  const withoutComments = (text: string) => text.replace(/^ *\/\*\*.*\*\/\n/gm, '');
  const known = interfaces.get(name);
  if (known === undefined) interfaces.set(name, comment(schema.doc, '') + shape);
  else if (withoutComments(known) !== withoutComments(shape)) throw new Error(`Expected one shape of ${name}, but two schemas disagree`);
  return name;
}

function generate(): string {
  const files = readdirSync(schemasDir)
    .filter((file) => file.endsWith('.avsc'))
    .sort();
  for (const file of files) typeOf(JSON.parse(readFileSync(new URL(file, schemasDir), 'utf8')) as ComplexSchema);
  const names = [...interfaces.keys()].sort();
  return `// Generated from schemas/*.avsc by tools/generate.ts: change those.\n\n${names.map((name) => interfaces.get(name)).join('\n')}`;
}

const generated = generate();
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== generated) {
    console.error('Expected libs/messages/src/generated.ts to match schemas/*.avsc, but it differs: run `npm run generate`.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, generated);
}
