import type { Output } from 'liquidjs';
import type { Json } from '../json.ts';
import type { TemplateScope } from './scope.ts';

const simple = /^\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\|\s*default:\s*("[^"\\]*"|'[^'\\]*')\s*)?$/;
const reservedWords = new Set(['true', 'false', 'nil', 'null', 'empty', 'blank', 'size', 'first', 'last', 'contains', 'and', 'or', 'not']);

/** Where only liquid itself can say what the value is. */
export const needsLiquid = Symbol('needs liquid');

export interface SimpleOutput {
  /** Undefined for a missing value. */
  read(scope: TemplateScope): Json | undefined | typeof needsLiquid;
}

/**
 * An output that is a dotted path, with a text as `default` at most: most are, and reading them without liquid's generators is
 * several times as fast. Null for every other output. The answers are liquid's (a property test compares them).
 */
export function createSimpleOutput({ token }: Output): SimpleOutput | null {
  const match = simple.exec(token.input.slice(token.contentRange[0], token.contentRange[1]));
  if (!match) return null;
  const [head = '', ...rest] = (match[1] as string).split('.');
  if ([head, ...rest].some((name) => reservedWords.has(name))) return null;
  const fallback = match[2]?.slice(1, -1);
  return {
    read: ({ reserved, data }) => {
      const value = readOwn(head in reserved ? reserved : data, head, rest);
      if (fallback === undefined || value === needsLiquid) return value;
      return value === undefined || value === null || value === false || value === '' || isEmptyList(value) ? fallback : value;
    },
  };
}

function readOwn(root: object, head: string, rest: readonly string[]): Json | undefined | typeof needsLiquid {
  let current: unknown = Object.hasOwn(root, head) ? (root as Record<string, unknown>)[head] : undefined;
  for (const name of rest) {
    if (current === undefined || current === null) return undefined;
    if (typeof current !== 'object' || Array.isArray(current)) return needsLiquid;
    current = Object.hasOwn(current, name) ? (current as Record<string, unknown>)[name] : undefined;
  }
  return current as Json | undefined;
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** A text for HTML, as liquid's `escape` writes it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A value as one part of a URL: it can form neither a host nor another part. A lone surrogate becomes U+FFFD. */
export function encodeUrlPart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
