import { type Database, reserveUsage, returnUsage, translateDatabaseError } from '@millrace/db';
import { localDayAt } from '@millrace/workflow';
import type { Clock } from './clock.ts';
import type { ActionSettings } from './tenant-settings.ts';

export type DailyResource = 'emails' | 'texts';

export interface DailyLimit {
  tenantId: string;
  resource: DailyResource;
  /** Of a day in the tenant's time zone. */
  most: number;
  timezone: string;
}

/** One message of today's, to be given back where it wasn't sent; or when to ask again. */
export type Allowance = { kind: 'granted'; giveBack(): void } | { kind: 'spent'; untilMs: number };

const resourceByType: Partial<Record<string, DailyResource>> = { send_email: 'emails', send_sms: 'texts' };

/** The limit that counts an action's calls; null where none does. */
export function dailyLimitOf(actionType: string, tenantId: string, settings: Pick<ActionSettings, 'messagesPerDay'>): DailyLimit | null {
  const resource = resourceByType[actionType];
  if (resource === undefined) return null;
  const { timezone, ...most } = settings.messagesPerDay;
  return { tenantId, resource, most: most[resource], timezone };
}

interface Reserve {
  day: string;
  left: number;
  /** Monotonic, ms; of the last time that the day had nothing left. */
  spentAt: number;
  refilling: Promise<void> | null;
}

const spentForMs = 2_000;
/** A limit that is raised is seen at the latest then. */
const longestWaitMs = 3_600_000;
const mostAtOnce = 100;
const mostReserves = 10_000;

/**
 * How much a process takes of a day's allowance at once: a fiftieth of what is left, so that the row isn't written for each message and
 * the last messages of a day don't lie with a process that has none to send. 0 where nothing is left.
 */
export function shareOf(most: number, used: number): number {
  return Math.max(0, Math.min(most - used, mostAtOnce, Math.ceil((most - used) / 50)));
}

/**
 * Counts tenants' messages of a day over all executors. Each takes shares of it from the tenant's row and hands them out from memory; what a
 * process holds when it is killed is lost for that day, at most a fiftieth of it.
 */
export class DailyAllowances implements AsyncDisposable {
  readonly #database: Database;
  readonly #clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly #reserves = new Map<string, Reserve & Pick<DailyLimit, 'tenantId' | 'resource'>>();

  constructor(database: Database, clock: Pick<Clock, 'now' | 'elapsed'>) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Room for one message now, or when there may be some again: at the end of the tenant's day, or in an hour. RetryableError while the database is away. */
  async take(limit: DailyLimit): Promise<Allowance> {
    for (;;) {
      const { day, endsMs } = localDayAt(limit.timezone, this.#clock.now());
      const reserve = this.#reserveOf(limit, day);
      if (reserve.left > 0) {
        reserve.left -= 1;
        return { kind: 'granted', giveBack: () => giveBack(reserve, day) };
      }
      if (this.#clock.elapsed() - reserve.spentAt < spentForMs) {
        return { kind: 'spent', untilMs: Math.min(endsMs, this.#clock.now() + longestWaitMs) };
      }
      reserve.refilling ??= this.#refill(reserve, limit, day).finally(() => {
        reserve.refilling = null;
      });
      await reserve.refilling;
    }
  }

  async #refill(reserve: Reserve, { tenantId, resource, most }: DailyLimit, day: string): Promise<void> {
    const taken = await this.#database
      .transaction((connection) => reserveUsage(connection, { tenantId, resource, day }, (used) => shareOf(most, used)))
      .catch((error: unknown) => {
        throw translateDatabaseError(error);
      });
    if (taken === 0) reserve.spentAt = this.#clock.elapsed();
    else if (reserve.day === day) reserve.left += taken;
  }

  #reserveOf({ tenantId, resource }: DailyLimit, day: string): Reserve {
    const key = `${resource}/${tenantId}`;
    let reserve = this.#reserves.get(key);
    if (reserve === undefined) {
      if (this.#reserves.size >= mostReserves) this.#forgetOne();
      reserve = { tenantId, resource, day, left: 0, spentAt: Number.NEGATIVE_INFINITY, refilling: null };
      this.#reserves.set(key, reserve);
    }
    if (reserve.day !== day) Object.assign(reserve, { day, left: 0, spentAt: Number.NEGATIVE_INFINITY });
    return reserve;
  }

  /** The oldest; what it holds is lost. */
  #forgetOne(): void {
    this.#reserves.delete(this.#reserves.keys().next().value as string);
  }

  /** Gives back what is held; at best effort. */
  async [Symbol.asyncDispose](): Promise<void> {
    const held = [...this.#reserves.values()].filter(({ left }) => left > 0);
    this.#reserves.clear();
    await Promise.allSettled(held.map(({ left, ...key }) => returnUsage(this.#database.pool, key, left)));
  }
}

function giveBack(reserve: Reserve, day: string): void {
  if (reserve.day === day) reserve.left += 1;
}
