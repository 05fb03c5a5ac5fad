import { TagToken, TokenizationError, Tokenizer, TokenKind } from 'liquidjs';
import { limits } from './limits.ts';

/**
 * How much a step of a template may cost at worst, in hundreds of characters of markup: its longest tag or output and every branch that is
 * asked within one step. Throws for a tag or an output that is too long, and for one that isn't closed.
 */
export function weightOf(text: string): number {
  let longest = 0;
  let branches = 0;
  for (const token of new Tokenizer(text).readTopLevelTokens()) {
    if (token.kind === TokenKind.HTML) continue;
    const length = token.end - token.begin;
    if (length > limits.nodeLength) {
      throw new TokenizationError(`Expected tags and outputs of at most ${limits.nodeLength} characters, but got ${length}`, token);
    }
    longest = Math.max(longest, length);
    if (token instanceof TagToken && ['elsif', 'when'].includes(token.name)) branches += length;
  }
  return Math.ceil((longest + branches) / 100);
}
