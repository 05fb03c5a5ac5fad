import { deadLetterName, topics } from '@millrace/messages';

const topicNames = Object.values(topics).map(({ name }) => name);
const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new Error(`Expected ${option} to be a whole number from ${least} to ${most}, but got ${text || 'nothing'}`);
  return value;
}

/** Each once. */
export function ids(texts: readonly string[]): number[] {
  return [...new Set(texts.map((text) => wholeNumber('an id', text, 1, Number.MAX_SAFE_INTEGER)))];
}

/** An age such as 90s, 15m, 2h or 7d, in milliseconds. */
export function ageMs(option: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (number === '') throw new Error(`Expected ${option} to be an age such as 90s, 15m, 2h or 7d, but got ${text || 'nothing'}`);
  return Number(number) * (unitMs[unit] ?? 0);
}

export function oneOf<const T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new Error(`Expected ${option} to be one of ${choices.join(', ')}, but got ${text || 'nothing'}`);
  return found;
}

/** A topic that letters come from; those that nobody labelled come from a dead-letter topic itself. */
export function topic(text: string): string {
  const isKnown = topicNames.some((name) => name === text || deadLetterName(name) === text);
  return isKnown ? text : oneOf('--topic', text, topicNames);
}

export function tenant(text: string): string {
  if (!/^[A-Za-z0-9._-]{0,64}$/.test(text))
    throw new Error(`Expected --tenant to be up to 64 of A-Z a-z 0-9 . _ -, but got ${text.slice(0, 80)}`);
  return text;
}

export function reason(text: string): string {
  if (!/^[a-z0-9_]{1,64}$/.test(text))
    throw new Error(`Expected --reason to be a code such as undecodable, but got ${text.slice(0, 80) || 'nothing'}`);
  return text;
}
