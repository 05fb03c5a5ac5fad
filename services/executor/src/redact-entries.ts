import type { Redaction } from '@millrace/workflow';
import type { Entry } from './instance/entries.ts';

/**
 * Some entries of a journal as the execution log may show them. What an entry hides follows from the settings and from the journal up to it,
 * so that a repeat is the same.
 */
export function redactEntries({ readsHistory, forInstance }: Redaction, journal: readonly Entry[], entries: readonly Entry[]): Entry[] {
  const redact = forInstance();
  if (!readsHistory) return entries.map(redact);
  const [first, last] = [entries[0]?.seq ?? 1, entries.at(-1)?.seq ?? 0];
  return journal
    .slice(0, last)
    .map(redact)
    .filter(({ seq }) => seq >= first);
}
