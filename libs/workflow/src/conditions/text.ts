const beyondAscii = /[^\0-\x7f]/;

/** The form in which texts are compared: NFC, and lower case unless case counts. */
export function foldText(text: string, caseSensitive: boolean): string {
  const composed = beyondAscii.test(text) ? text.normalize('NFC') : text;
  return caseSensitive ? composed : composed.toLowerCase();
}
