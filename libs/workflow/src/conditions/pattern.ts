import { RE2JS, RE2Set } from 're2js';
import type { Verdict } from './condition-context.ts';

/**
 * A search takes at most a pattern's instructions times a text's characters: that product is bounded as well, so that no pattern,
 * however it is written, holds up the events behind it. Memory is what the automaton may keep for each pattern.
 */
const limits = { length: 256, instructions: 2_500, steps: 20_000_000, memoryBytes: 256 * 1_024 };

/** Says why a text is no pattern for `matches`, as "Expected X, but Y"; null when it is one. */
export function faultOfPattern(text: string): string | null {
  if (text.length > limits.length) return `Expected a pattern of at most ${limits.length} characters, but got ${text.length}`;
  try {
    const instructions = sizeOf(text, 0);
    return instructions <= limits.instructions
      ? null
      : `Expected a pattern of at most ${limits.instructions} instructions, but its repetitions make ${instructions}`;
  } catch (error) {
    return `Expected RE2 syntax, but ${error instanceof Error ? error.message : 'the pattern is invalid'}`;
  }
}

/** Searches texts for a pattern that has no fault. Unknown for a text that is too long for a pattern of its size. */
export function compilePattern(text: string, caseSensitive: boolean): (searched: string) => Verdict {
  const flags = caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE;
  const longest = limits.steps / sizeOf(text, flags);
  const set = new RE2Set(RE2Set.UNANCHORED, flags, limits.memoryBytes);
  set.add(text.normalize('NFC'));
  set.compile();
  return (searched) => (searched.length > longest ? 'unknown' : set.match(searched.normalize('NFC')).length > 0);
}

function sizeOf(text: string, flags: number): number {
  return RE2JS.compile(text.normalize('NFC'), flags).programSize();
}
