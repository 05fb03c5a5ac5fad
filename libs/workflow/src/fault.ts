import type { z } from 'zod';
import { describeValue } from './json.ts';

/** What is wrong with one part of a request. `path` is a JSON path such as `actions[0].action_config.title`, '' for the whole. */
export interface Fault {
  path: string;
  code: string;
  message: string;
}

export type Checked<T> = { ok: true; value: T } | { ok: false; errors: Fault[] };

export type FaultPath = readonly (string | number)[];

/** A fault before its path is written as text; parts of this library report these and their callers prefix the path. */
export interface LocalFault {
  path: FaultPath;
  code: string;
  message: string;
}

/** Writes a path as text: `['actions', 0, 'title']` becomes `actions[0].title`; odd keys are quoted. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`;
    else text += `[${JSON.stringify(String(part))}]`;
  }
  return text;
}

/**
 * Turns zod's issues into faults: one for each unknown key, messages in the form "Expected X, but Y". A value of the wrong type has that
 * fault alone, though zod measures a list's length where a text was expected.
 */
export function localFaultsOf(error: z.ZodError): LocalFault[] {
  const faults = error.issues.flatMap(faultsOfIssue);
  const ofWrongType = new Set(faults.filter(isAboutType).map(({ path }) => formatPath(path)));
  return faults.filter((fault) => isAboutType(fault) || !ofWrongType.has(formatPath(fault.path)));
}

function isAboutType({ code }: LocalFault): boolean {
  return code === 'invalid_type' || code === 'required';
}

function faultsOfIssue(issue: z.core.$ZodIssue): LocalFault[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      code: 'unknown_key',
      message: `Expected only known keys, but found ${JSON.stringify(key)}`,
    }));
  }
  const meant = issue.code === 'invalid_union' ? issue.errors.find((issues) => !issues.some(isOfAnotherType)) : undefined;
  if (meant) return meant.flatMap(faultsOfIssue).map((fault) => ({ ...fault, path: [...path, ...fault.path] }));
  return [{ path, code: codeOf(issue), message: issue.message }];
}

/** Whether a union's branch is out of question: the value as a whole has another type. A broken number isn't one. */
function isOfAnotherType(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0 && issue.expected !== 'int';
}

/** Runs a schema and answers its value or every fault. Never throws. */
export function check<S extends z.ZodType>(schema: S, input: unknown): Checked<z.output<S>> {
  const result = schema.safeParse(input, { error: describeIssue });
  if (result.success) return { ok: true, value: result.data };
  const errors = localFaultsOf(result.error).map((fault) => ({ ...fault, path: formatPath(fault.path) }));
  return { ok: false, errors };
}

/** As a zod `error` map: a message that says what was expected and what was there. */
export function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  const found = describeValue(issue.input);
  if (issue.code === 'invalid_type') return `Expected ${article(issue.expected)}, but got ${found}`;
  if (issue.code === 'invalid_value')
    return `Expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, but got ${found}`;
  if (issue.code === 'too_small') return `Expected at least ${issue.minimum}${unitOf(issue.origin)}, but got ${sizeOf(issue.input)}`;
  if (issue.code === 'too_big') return `Expected at most ${issue.maximum}${unitOf(issue.origin)}, but got ${sizeOf(issue.input)}`;
  if (issue.code === 'custom' || issue.code === 'unrecognized_keys') return undefined;
  return `Expected ${'format' in issue ? `a valid ${issue.format}` : 'another value'}, but got ${found}`;
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'custom') {
    const code = issue.params?.code;
    return typeof code === 'string' ? code : 'invalid_value';
  }
  if (['invalid_type', 'invalid_union'].includes(issue.code) && issue.message.endsWith('but got nothing')) return 'required';
  return issue.code;
}

const expectedNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function article(expected: string): string {
  return expectedNames[expected] ?? expected;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' elements' : '';
}

function sizeOf(input: unknown): string {
  if (typeof input === 'string' || Array.isArray(input)) return String(input.length);
  return describeValue(input);
}
