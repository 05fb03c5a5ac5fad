import { type Database, type DeadLetterRow, type DeadLetterSummary, findDeadLetter } from '@millrace/db';
import { type Codec, topics } from '@millrace/messages';
import { letterView, placeOf } from './letter-view.ts';
import type { Outcome } from './outcome.ts';
import { terminalText } from './terminal-text.ts';

type Letter = DeadLetterSummary & DeadLetterRow;
/** What a value says, or why it can't be told. */
type Reading = { decoded: unknown } | { notDecoded: string };

const mostShownBytes = 2_048;

/** Everything that is known of letters, with their values decoded where they can be now. */
export async function show({ db, codec }: { db: Database; codec: Codec }, ids: readonly number[]): Promise<Outcome> {
  const lines: string[] = [];
  const items: unknown[] = [];
  const missing: number[] = [];
  for (const id of ids) {
    const letter = await findDeadLetter(db.pool, id);
    if (letter === null) {
      missing.push(id);
      lines.push(`${id}: there is no such dead letter`);
      continue;
    }
    const reading = await read(codec, letter);
    lines.push(...describe(letter, reading));
    items.push(jsonOf(letter, reading));
  }
  return { lines, json: { items, missing }, hasFailed: missing.length > 0 };
}

async function read(codec: Codec, { originTopic, value }: Letter): Promise<Reading> {
  const topic = Object.values(topics).find(({ name }) => name === originTopic);
  if (topic === undefined) return { notDecoded: `Expected a topic with a schema, but it is ${originTopic}` };
  try {
    return { decoded: await codec.decode<unknown>(topic, value) };
  } catch (error) {
    return { notDecoded: error instanceof Error ? error.message : String(error) };
  }
}

function describe(letter: Letter, reading: Reading): string[] {
  const { replayed_at, discarded_at, dead_lettered_at } = letterView(letter);
  const facts: [name: string, text: string][] = [
    ['origin', `${placeOf(letter)} (topic/partition/offset)`],
    ['reason', letter.reason],
    ['message', letter.message],
    ['given up', `${dead_lettered_at} by ${letter.service || 'nobody known'}`],
    ['state', stateOf(letter, replayed_at, discarded_at)],
    ['tenant', letter.tenantId || "– (the key is no tenant's)"],
    ['key', letter.key === null ? 'none' : readable(letter.key)],
    ...letter.headers.map(([name, base64]): [string, string] => ['header', `${name}: ${readable(Buffer.from(base64, 'base64'))}`]),
    ['value', letter.value === null ? 'none: a tombstone' : `${letter.value.length} bytes`],
  ];
  const body = 'decoded' in reading ? JSON.stringify(reading.decoded, null, 2).split('\n') : rawLines(letter.value, reading.notDecoded);
  return [
    `dead letter ${letter.id}`,
    ...facts.map(([name, text]) => `  ${name.padEnd(9)} ${terminalText(text)}`),
    ...body.map((line) => `    ${terminalText(line)}`),
    '',
  ];
}

function stateOf({ state, replays }: Letter, replayedAt: string | null, discardedAt: string | null): string {
  if (replays > 0) return `${state}, replayed ${replays}×, last at ${replayedAt}`;
  return discardedAt === null ? state : `${state} at ${discardedAt}`;
}

function rawLines(value: Buffer | null, why: string): string[] {
  if (value === null) return [];
  const cut = value.length > mostShownBytes ? [`… the first ${mostShownBytes} bytes; --json has all`] : [];
  return [`not decoded: ${why}`, readable(value.subarray(0, mostShownBytes)), ...cut];
}

/** As text where it is UTF-8, else in hexadecimal digits. */
function readable(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : `0x${bytes.toString('hex')}`;
}

function jsonOf(letter: Letter, reading: Reading) {
  return {
    ...letterView(letter),
    key_base64: letter.key?.toString('base64') ?? null,
    value_base64: letter.value?.toString('base64') ?? null,
    headers: letter.headers.map(([name, base64]) => ({ name, value_base64: base64 })),
    decoded: 'decoded' in reading ? reading.decoded : null,
    not_decoded: 'notDecoded' in reading ? reading.notDecoded : null,
  };
}
