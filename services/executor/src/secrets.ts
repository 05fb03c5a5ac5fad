import { type Database, findSecret, openSecret, type SecretKeys, type SecretRow, translateDatabaseError } from '@millrace/db';
import { TerminalError } from '@millrace/runtime';

const freshForMs = 2_000;
const mostKept = 5_000;

/** Opens tenants' secrets for those hosts that they were named with. What is kept in memory, at most two seconds old, is sealed. */
export class Secrets {
  readonly #database: Database;
  readonly #keys: SecretKeys | undefined;
  readonly #now: () => number;
  readonly #rows = new Map<string, { row: Promise<SecretRow | null>; readAt: number }>();

  constructor(database: Database, keys: SecretKeys | undefined, now = () => performance.now()) {
    this.#database = database;
    this.#keys = keys;
    this.#now = now;
  }

  /**
   * The values by name, for a request to this URL. TerminalError `secret_missing`, `secret_host_refused` (a host without a port is meant by
   * https alone), `secret_unreadable`; RetryableError while the database is away.
   */
  async open(tenantId: string, names: readonly string[], url: string): Promise<Map<string, string>> {
    const values = await Promise.all(names.map(async (name) => [name, await this.#openOne(tenantId, name, url)] as const));
    return new Map(values);
  }

  async #openOne(tenantId: string, name: string, url: string): Promise<string> {
    const row = await this.#find(tenantId, name);
    if (row === null)
      throw new TerminalError('secret_missing', `Expected a secret ${JSON.stringify(name)} of the tenant, but there is none`);
    const host = secretHostOf(url);
    if (!(JSON.parse(row.hosts) as string[]).includes(host)) {
      throw new TerminalError('secret_host_refused', `Expected a host named with the secret ${JSON.stringify(name)}, but got ${host}`);
    }
    if (this.#keys === undefined) {
      throw new TerminalError('secret_unreadable', 'Expected SECRETS_KEY to be set where executors run, but it is not');
    }
    return openSecret(this.#keys, { tenantId, name }, row.sealed);
  }

  #find(tenantId: string, name: string): Promise<SecretRow | null> {
    const key = `${tenantId}/${name}`;
    const known = this.#rows.get(key);
    if (known !== undefined && this.#now() - known.readAt < freshForMs) return known.row;
    const row = findSecret(this.#database.pool, tenantId, name).catch((error: unknown) => {
      this.#rows.delete(key);
      throw translateDatabaseError(error);
    });
    this.#rows.delete(key);
    this.#rows.set(key, { row, readAt: this.#now() });
    if (this.#rows.size > mostKept) this.#rows.delete(this.#rows.keys().next().value as string);
    return row;
  }
}

/** Where a URL leads as secrets name hosts: the port stands for itself unless it is that of https. */
function secretHostOf(url: string): string {
  const { protocol, hostname, host, port } = new URL(url);
  return protocol === 'https:' ? host : `${hostname}:${port === '' ? '80' : port}`;
}
