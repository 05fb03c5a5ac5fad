import { parseArgs } from 'node:util';

export const usage = `Usage: npm run audit:rebuild -- --into DATABASE [options]
  --into DATABASE  the copy: a name on the server of DATABASE_URL, or a mysql:// URL. Made where there is none; what history
                   refers to (workflows, actions, instances without their journals, scheduled tasks) is copied into it
  --empty          the copy's tables of history may hold rows, and are emptied first
  --live           DATABASE may be the one that DATABASE_URL names: its history is emptied and filled from the topic, what is older is lost,
                   and nothing is compared. Only with --empty, and with the audit logger stopped
  --json           one JSON object instead of text
Rebuilds what the audit logger writes from the topic of the execution log, by its own code, and compares it with the live tables, row by
row. Exits 1 where they differ in more than surrogate ids and what is older than the topic. It may run beside the services.`;

export interface Options {
  into: string;
  empty: boolean;
  live: boolean;
  json: boolean;
}

/** Null where help is asked for. Throws an Error that says what is wrong. */
export function parseOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      into: { type: 'string' },
      empty: { type: 'boolean', default: false },
      live: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const { into, empty, live, json } = values;
  if (into === undefined || into === '') throw new Error('Expected --into and a database, but it is missing');
  if (live && !empty) throw new Error('Expected --empty beside --live: what the live tables hold goes');
  return { into, empty, live, json };
}

/** The URL of the copy. Throws an Error for the live database, unless that is asked for. */
export function copyUrlOf(liveUrl: string, { into, live }: Pick<Options, 'into' | 'live'>): string {
  if (!into.startsWith('mysql://') && !/^[A-Za-z0-9_-]{1,64}$/.test(into))
    throw new Error('Expected the name of a database or a mysql:// URL after --into, but got another text');
  const url = into.startsWith('mysql://') ? new URL(into) : Object.assign(new URL(liveUrl), { pathname: `/${into}` });
  if (placeOf(url) === placeOf(new URL(liveUrl)) && !live)
    throw new Error('Expected another database than DATABASE_URL names, but --into names the same: --live where that is meant');
  return url.href;
}

function placeOf({ hostname, port, pathname }: URL): string {
  return `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port || '3306'}${pathname}`;
}
