import type { WorkflowCommand } from '@millrace/messages';
import type { SimulatedBroker } from './broker.ts';
import type { SimulatedDatabase, StoredRow } from './database.ts';
import { isLive, sendCommand } from './traffic.ts';
import type { World } from './world.ts';

const resendAfterMs = 10_000;
const sweepEveryMs = 10_000;
/** How long nobody has touched a row that the sweep resumes. */
export const untouchedMs = 60_000;

/** Wakes rows when they are due, again where that is lost; and resumes those that belong to nobody, of which there are to be none. */
export class SimulatedScheduler {
  readonly #world: World;
  readonly #broker: SimulatedBroker;
  readonly #database: SimulatedDatabase;
  readonly #swept: (row: StoredRow) => void;

  constructor(world: World, broker: SimulatedBroker, database: SimulatedDatabase, swept: (row: StoredRow) => void) {
    this.#world = world;
    this.#broker = broker;
    this.#database = database;
    this.#swept = swept;
    database.onWritten((_, row) => this.#wakeLater(row));
    this.#sweepLater();
  }

  #wakeLater(row: StoredRow): void {
    const { time, random, nowMs, faults } = this.#world;
    if (row.wakeAtMs === null) return;
    const isOff = random.chance(faults.scheduler);
    const shiftMs = isOff ? random.between(-3_000, 8_000) : random.between(0, 30);
    time.after(row.wakeAtMs - nowMs + shiftMs, () => this.#wake(row.id, row.rowVersion, isOff ? 2 : 1));
  }

  #wake(id: string, rowVersion: number, times: number): void {
    const row = this.#database.rows.get(id);
    if (row === undefined || row.rowVersion !== rowVersion || row.wakeAtMs === null) return;
    for (let each = 0; each < times; each += 1) this.#resume(row);
    this.#world.time.after(resendAfterMs, () => this.#wake(id, rowVersion, 1));
  }

  #resume({ id, tenantId, entityType, entityId, rowVersion }: StoredRow): void {
    const command: WorkflowCommand = {
      tenant_id: tenantId,
      instance_id: id,
      entity_type: entityType,
      entity_id: entityId,
      command: { 'millrace.ResumeInstance': { row_version: rowVersion } },
    };
    sendCommand(this.#world, this.#broker, command);
  }

  #sweepLater(): void {
    this.#world.time.after(sweepEveryMs, () => {
      for (const row of this.#database.rows.values()) {
        if (!isLive(row) || row.wakeAtMs !== null || this.#world.nowMs - row.updatedAtMs < untouchedMs) continue;
        this.#swept(row);
        this.#resume(row);
      }
      this.#sweepLater();
    });
  }
}
