const beyondAscii = /[^\0-\x7f]/;
/** Capitals, or beyond ASCII: all else is its own folded form. */
const foldable = /[^\0-@[-\x7f]/;

/** The form in which texts are compared: NFC, and lower case unless case counts. */
export function foldText(text: string, caseSensitive: boolean): string {
  if (!foldable.test(text)) return text;
  const composed = beyondAscii.test(text) ? text.normalize('NFC') : text;
  return caseSensitive ? composed : composed.toLowerCase();
}
