import { countDeadLetters, type Database, type DeadLetterSummary, findDeadLetters } from '@millrace/db';
import { isoTime, letterView, placeOf } from './letter-view.ts';
import type { Command } from './options.ts';
import type { Outcome } from './outcome.ts';
import { table } from './terminal-text.ts';

const heading = ['ID', 'SINCE', 'STATE', 'ORIGIN', 'TENANT', 'REASON', 'BYTES', 'MESSAGE'];
const longestMessage = 100;

export async function list(db: Database, { filter, limit, offset }: Extract<Command, { name: 'list' }>): Promise<Outcome> {
  const { total } = await countDeadLetters(db.pool, filter);
  const letters = await findDeadLetters(db.pool, filter, { order: 'newest', limit, offset });
  return {
    json: { items: letters.map(letterView), total, limit, offset },
    lines: letters.length === 0 ? [nothing(total)] : [...table([heading, ...letters.map(rowOf)]), '', shown(letters.length, total)],
  };
}

function rowOf(letter: DeadLetterSummary): string[] {
  const { message } = letter;
  return [
    String(letter.id),
    isoTime(letter.deadLetteredAtMs).slice(0, 19).replace('T', ' '),
    letter.state,
    placeOf(letter),
    letter.tenantId || '–',
    letter.reason,
    letter.valueBytes === null ? '–' : String(letter.valueBytes),
    message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message,
  ];
}

function nothing(total: number): string {
  return total === 0 ? 'There is no such dead letter.' : `There are ${total}, but none from this offset on.`;
}

function shown(count: number, total: number): string {
  return count === total ? `${total} in all. Times are UTC.` : `${count} of ${total}; --limit and --offset show others. Times are UTC.`;
}
