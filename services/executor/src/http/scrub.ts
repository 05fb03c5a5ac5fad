import { isJsonObject, type Json } from '@millrace/workflow';

/** Takes the values of secrets out of what is kept of an answer. */
export interface Scrub {
  text(text: string): string;
  /** In texts, numbers and keys, at any depth. */
  json(value: Json): Json;
  /** The same error, with another message. */
  error(error: unknown): unknown;
  /** Characters that a value, cut anywhere, can take at the end of a text. */
  longest: number;
}

const replacement = '[secret]';
const nothing: Scrub = { text: (text) => text, json: (value) => value, error: (error) => error, longest: 0 };

/** Knows the values as they are and as answers repeat them: in JSON, URLs, HTML, base64 and hexadecimal digits. Case doesn't count. */
export function createScrub(values: Iterable<string>): Scrub {
  const forms = [...new Set([...values].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return nothing;
  const pattern = new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'gi');
  const text = (found: string) => found.replace(pattern, replacement);
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return text(String(value)) === String(value) ? value : replacement;
    if (Array.isArray(value)) return value.map(json);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), json(item)]));
  };
  return {
    text,
    json,
    error: (error) => {
      if (error instanceof Error) error.message = text(error.message);
      return error;
    },
    longest: forms[0]?.length ?? 0,
  };
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const html = value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    new URLSearchParams([['', value]]).toString().slice(1),
    html,
    value.replace(/[&<>"']/g, (character) => entities[character] ?? character),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}
