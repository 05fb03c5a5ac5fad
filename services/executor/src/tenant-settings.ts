import { type Database, findTenantSettings, translateDatabaseError } from '@millrace/db';
import { compileRedaction, defaultTenantSettings, type Redaction, type RedactionSettings, type TenantLimits } from '@millrace/workflow';

export interface Sender {
  address: string;
  name: string | null;
}

/** What a tenant has set that decides about its actions. */
export interface ActionSettings {
  /** Who its mail may come from; the first is the default. */
  senders: readonly Sender[];
  /** Calls to the world that run at once; null where it has set none. */
  concurrentActions: number | null;
  /** What its execution log hides. */
  redaction: Redaction;
  /** Events that begin or reach its instances, in each process; null where it has set no number. */
  eventsPerSecond: number | null;
  /** Of a day in its zone. */
  messagesPerDay: { emails: number; texts: number; timezone: string };
}

const unset: ActionSettings = {
  senders: [],
  concurrentActions: null,
  redaction: compileRedaction(defaultTenantSettings.redaction),
  eventsPerSecond: null,
  messagesPerDay: messagesOf({}, defaultTenantSettings.timezone),
};
interface Known {
  settings: Promise<ActionSettings>;
  /** What was last read. */
  latest: ActionSettings | null;
  readAt: number;
}

const freshForMs = 2_000;
const mostTenants = 10_000;

/** Settings by tenant, at most two seconds old; as they were last known while the database is away. */
export class TenantSettings {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #byTenant = new Map<string, Known>();

  constructor(database: Database, now = () => performance.now()) {
    this.#database = database;
    this.#now = now;
  }

  /** RetryableError while the database is away and nothing is known of the tenant. */
  get(tenantId: string): Promise<ActionSettings> {
    const known = this.#byTenant.get(tenantId);
    if (known !== undefined && this.#now() - known.readAt < freshForMs) return known.settings;
    const settings = this.#read(tenantId).catch((error: unknown) => {
      if (known !== undefined) return known.settings;
      this.#byTenant.delete(tenantId);
      throw error;
    });
    const reading: Known = { settings, latest: known?.latest ?? null, readAt: this.#now() };
    settings.then(
      (latest) => Object.assign(reading, { latest }),
      () => undefined,
    );
    this.#byTenant.delete(tenantId);
    this.#byTenant.set(tenantId, reading);
    if (this.#byTenant.size > mostTenants) this.#byTenant.delete(this.#byTenant.keys().next().value as string);
    return settings;
  }

  /** What is known of the tenant at once, and read anew for the next time; null where nothing is. */
  known(tenantId: string): ActionSettings | null {
    const known = this.#byTenant.get(tenantId);
    if (known === undefined || this.#now() - known.readAt >= freshForMs) this.get(tenantId).catch(() => undefined);
    return known?.latest ?? null;
  }

  async #read(tenantId: string): Promise<ActionSettings> {
    const row = await findTenantSettings(this.#database.pool, tenantId).catch((error: unknown) => {
      throw translateDatabaseError(error);
    });
    if (row === null) return unset;
    const limits = JSON.parse(row.limits) as Partial<TenantLimits>;
    const redaction = { ...defaultTenantSettings.redaction, ...(JSON.parse(row.redaction) as Partial<RedactionSettings>) };
    return {
      senders: JSON.parse(row.senders) as Sender[],
      concurrentActions: limits.concurrent_actions ?? null,
      redaction: compileRedaction(redaction),
      eventsPerSecond: limits.events_per_second ?? null,
      messagesPerDay: messagesOf(limits, row.timezone),
    };
  }
}

function messagesOf(limits: Partial<TenantLimits>, timezone: string): ActionSettings['messagesPerDay'] {
  const { emails_per_day: emails, texts_per_day: texts } = { ...defaultTenantSettings.limits, ...limits };
  return { emails, texts, timezone };
}
