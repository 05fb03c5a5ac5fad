import { parseArgs } from 'node:util';
import { type DeadLetterFilter, deadLetterStates } from '@millrace/db';
import { ageMs, ids, oneOf, reason, tenant, topic, wholeNumber } from './option-values.ts';

export type Command =
  | { name: 'help' }
  | { name: 'list'; filter: DeadLetterFilter; limit: number; offset: number; json: boolean }
  | { name: 'show'; ids: number[]; json: boolean }
  | { name: 'replay' | 'discard'; filter: DeadLetterFilter; json: boolean };

export const usage = `Usage: npm run dead-letters -- list | show | replay | discard [id …] [options]
  list               what could not be handled, the newest first
  show ID …          everything that is known of these, their bytes decoded where they can be
  replay             publishes the records again as they were, where they were, and marks them
  discard            marks those that wait: nothing is to be done about them

Which ones (all that are given must hold):
  --id N             may be repeated, or given without --id
  --topic NAME       where the record lay, e.g. crm.events
  --tenant ID        '' for records whose key is no tenant's
  --reason CODE      e.g. undecodable
  --older-than AGE   dead-lettered longer ago than this: 90s, 15m, 2h, 7d
  --newer-than AGE   dead-lettered since
  --state STATE      waiting, replayed, discarded or all (list, replay; waiting unless ids are given)
  --all              of replay and discard, where nothing else says which: all that wait

  --limit N, --offset N   of list (50, 0)
  --json             one JSON object instead of text`;

const options = {
  id: { type: 'string', multiple: true },
  topic: { type: 'string' },
  tenant: { type: 'string' },
  reason: { type: 'string' },
  'older-than': { type: 'string' },
  'newer-than': { type: 'string' },
  state: { type: 'string' },
  all: { type: 'boolean' },
  limit: { type: 'string' },
  offset: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
type OptionName = keyof typeof options;

const selecting: readonly OptionName[] = ['id', 'topic', 'tenant', 'reason', 'older-than', 'newer-than'];
const optionsOf: Record<Exclude<Command['name'], 'help'>, readonly OptionName[]> = {
  list: [...selecting, 'state', 'limit', 'offset', 'json'],
  show: ['id', 'json'],
  replay: [...selecting, 'state', 'all', 'json'],
  discard: [...selecting, 'all', 'json'],
};
const commandNames = Object.keys(optionsOf) as (keyof typeof optionsOf)[];

/** `nowMs` is what ages count from. Throws an Error with a sentence for the user that names the option. */
export function parseCommand(args: readonly string[], nowMs: number): Command {
  const { values, positionals } = parse(args);
  const [given = 'help', ...idTexts] = positionals;
  if (values.help === true || given === 'help') return { name: 'help' };
  const name = commandNames.find((one) => one === given);
  if (name === undefined) throw new Error(`Expected ${commandNames.join(', ')}, but got ${given}`);
  const stray = (Object.keys(values) as OptionName[]).find((option) => !optionsOf[name].includes(option));
  if (stray !== undefined) throw new Error(`Expected no --${stray} with ${name}, but got one`);
  const selection = { ...values, ids: ids([...idTexts, ...(values.id ?? [])]) };
  const json = values.json === true;
  switch (name) {
    case 'list': {
      const limit = wholeNumber('--limit', values.limit ?? '50', 1, 1_000);
      const offset = wholeNumber('--offset', values.offset ?? '0', 0, 1_000_000);
      return { name, filter: filterOf(selection, nowMs), limit, offset, json };
    }
    case 'show':
      if (selection.ids.length === 0) throw new Error('Expected show to be told which, as in `show 7`, but got no id');
      return { name, ids: selection.ids, json };
    default:
      checkChoice(name, selection);
      return { name, filter: filterOf(selection, nowMs), json };
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // What Node adds is how to pass a file name that looks like an option.
    throw new Error((error as Error).message.split('. To specify')[0]);
  }
}

type Selection = Omit<ReturnType<typeof parse>['values'], 'id'> & { ids: number[] };

function filterOf(given: Selection, nowMs: number): DeadLetterFilter {
  const chosen = given.state === undefined ? undefined : oneOf('--state', given.state, [...deadLetterStates, 'all']);
  const state = chosen ?? (given.ids.length > 0 ? 'all' : 'waiting');
  return {
    ...(given.ids.length === 0 ? {} : { ids: given.ids }),
    ...(given.topic === undefined ? {} : { topic: topic(given.topic) }),
    ...(given.tenant === undefined ? {} : { tenantId: tenant(given.tenant) }),
    ...(given.reason === undefined ? {} : { reason: reason(given.reason) }),
    ...(state === 'all' ? {} : { states: [state] }),
    ...(given['newer-than'] === undefined ? {} : { fromMs: nowMs - ageMs('--newer-than', given['newer-than']) }),
    ...(given['older-than'] === undefined ? {} : { untilMs: nowMs - ageMs('--older-than', given['older-than']) }),
  };
}

/** What changes something must be told what to change. */
function checkChoice(name: string, given: Selection): void {
  const choosing = [...selecting, 'state'] as const;
  const isChosen = given.ids.length > 0 || choosing.some((option) => Object.hasOwn(given, option));
  if (isChosen && given.all === true) throw new Error('Expected --all alone, but other options say which as well');
  if (isChosen || given.all === true) return;
  throw new Error(
    `Expected ${name} to be told which, by an id, --topic, --tenant, --reason, --older-than or --newer-than, or --all for all that wait, but got nothing`,
  );
}
