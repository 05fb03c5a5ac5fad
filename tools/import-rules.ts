/** One fault: which file breaks which rule. */
export interface ImportFault {
  file: string;
  message: string;
}

interface Rule {
  /** Packages of this workspace that it may import. */
  own: string[];
  /** Everything else that it may import; absent: anything. */
  others?: RegExp;
}

const node = 'node:.+';
const libs = ['bus', 'db', 'messages', 'runtime', 'workflow'];

// The table of "Tree" in the architecture. Tests may also import what only tests need, those of services the testing library as well.
const rules: Record<string, Rule> = {
  'libs/workflow': { own: [], others: only('zod', 'liquidjs', 'luxon', 're2js') },
  'libs/messages': { own: ['runtime'], others: only(node, 'avsc', '@kafkajs/confluent-schema-registry') },
  'libs/runtime': { own: [], others: only(node, 'zod', 'pino', '@opentelemetry/.+', 'import-in-the-middle(/.+)?') },
  'libs/bus': { own: ['runtime', 'messages'], others: only(node, 'zod', 'kafkajs') },
  'libs/db': { own: ['runtime'], others: only(node, 'zod', '@mikro-orm/.+', 'mysql2(/.+)?') },
  'libs/client': { own: [], others: only('openapi-fetch') },
};
const service: Rule = { own: libs, others: /^(?!kafkajs|@kafkajs\/|avsc$)/ };

/** Checks the import statements of `sources` (path from the root → text) against the rules, and looks for cycles of files. */
export function checkImports(sources: Map<string, string>): ImportFault[] {
  const faults: ImportFault[] = [];
  const edges = new Map<string, string[]>();
  for (const [file, text] of sources) {
    const targets: string[] = [];
    for (const { specifier, typeOnly } of importsOf(text)) {
      const message = breach(file, specifier);
      if (message !== null) faults.push({ file, message });
      if (specifier.startsWith('.') && !typeOnly) targets.push(resolveFrom(file, specifier));
    }
    edges.set(file, targets);
  }
  for (const cycle of findCycles(edges))
    faults.push({ file: cycle[0] ?? '', message: `imports itself: ${[...cycle, cycle[0]].join(' → ')}` });
  return faults;
}

function breach(file: string, specifier: string): string | null {
  const home = packageOf(file);
  if (specifier.startsWith('.')) {
    const away = packageOf(resolveFrom(file, specifier));
    return away === home || isFree(home) ? null : `reaches into ${away} by a path: import its package`;
  }
  if (/^@millrace\/[^/]+\/./.test(specifier)) return `imports ${specifier}: only a package's root may be imported`;
  if (isFree(home)) return null;
  const rule = rules[home] ?? (home.startsWith('services/') ? service : null);
  if (rule === null) return null;
  const isTest = /\.test\.ts$/.test(file) || file.startsWith(`${home}/test/`);
  const own = /^@millrace\/(.+)$/.exec(specifier)?.[1];
  if (own !== undefined)
    return rule.own.includes(own) || (isTest && rule === service && own === 'testing') ? null : `${home} may not import ${specifier}`;
  return isTest || rule.others === undefined || rule.others.test(specifier) ? null : `${home} may not import ${specifier}`;
}

/** Tools, tests and the testing library may import anything. */
function isFree(home: string): boolean {
  return home === 'libs/testing' || /^(tools|test)\b/.test(home) || home === '';
}

/** `libs/bus` for `libs/bus/src/consumer.ts`; nothing for a file at the root. */
function packageOf(file: string): string {
  const [first = '', second = '', third] = file.split('/');
  return third === undefined ? (second === '' ? '' : first) : `${first}/${second}`;
}

interface ImportStatement {
  specifier: string;
  typeOnly: boolean;
}

const statement = /^\s*(?:import|export)\s+(type\s)?(?:[\w*\s{},$]*?\sfrom\s+)?['"]([^'"\n]+)['"]/gm;
const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g;

export function importsOf(text: string): ImportStatement[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [
    ...[...code.matchAll(statement)].map((match) => ({ specifier: match[2] ?? '', typeOnly: match[1] !== undefined })),
    ...[...code.matchAll(dynamic)].map((match) => ({ specifier: match[1] ?? '', typeOnly: false })),
  ];
}

function resolveFrom(file: string, specifier: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const step of specifier.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}

/** Each cycle once, as the path by which a depth-first walk met it. */
export function findCycles(edges: Map<string, string[]>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const walk = (file: string, path: string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push(path.slice(at));
    if (at >= 0 || done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) walk(file, []);
  return cycles;
}

function only(...patterns: string[]): RegExp {
  return new RegExp(`^(?:${patterns.join('|')})$`);
}
