import type { InRecord } from '@millrace/bus';
import type { Database } from '@millrace/db';
import { createLogger } from '@millrace/runtime';
import { Backlog } from '../../src/backlog.ts';
import { Committer } from '../../src/committer.ts';
import { Dispatcher } from '../../src/dispatcher.ts';
import { addTag } from '../../src/effects/add-tag.ts';
import type { Effect } from '../../src/effects/effect.ts';
import { emitEvent } from '../../src/effects/emit-event.ts';
import type { Effects } from '../../src/effects/index.ts';
import type { Engine } from '../../src/engine.ts';
import { InstanceStore } from '../../src/instance-store.ts';
import { Publisher } from '../../src/publisher.ts';
import { StartRate } from '../../src/start-rate.ts';
import { TenantSettings } from '../../src/tenant-settings.ts';
import { Turns } from '../../src/turns.ts';
import { VersionCache } from '../../src/version-cache.ts';
import { WorkflowStates } from '../../src/workflow-states.ts';
import { passThroughCodec, type SimulatedBroker } from './broker.ts';
import { SimulatedConsumer } from './consumer.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Defect } from './defects.ts';
import type { Definitions } from './definitions.ts';
import type { SimulatedEffects } from './effects.ts';
import type { SimulatedGroup } from './group.ts';
import { SimulatedProcess } from './process.ts';
import type { World } from './world.ts';

const logger = createLogger('simulation', 'silent');
/** A tenant that has set nothing. */
const unsetTenants = { pool: { query: async () => [[]] } } as unknown as Database;
/** Of main.ts. */
const stopWithinMs = 28_000;

export interface Surroundings {
  world: World;
  broker: SimulatedBroker;
  group: SimulatedGroup;
  database: SimulatedDatabase;
  effects: SimulatedEffects;
  definitions: Definitions;
  defect: Defect;
  caps: { tenant: number; host: number };
  mostUnacknowledgedBytes: number;
  /** What a process had begun and not made durable is in flight at a fault. */
  interrupt(process: SimulatedProcess): void;
  /** A process is done with a record. */
  done(record: InRecord): void;
}

/** An executor: the dispatcher and all behind it, in a process of its own. */
export class SimulatedExecutor {
  readonly process: SimulatedProcess;
  readonly #around: Surroundings;
  readonly #stopping = new AbortController();
  readonly #dispatcher: Dispatcher;
  readonly #consumer: SimulatedConsumer;
  #hasStoodStill = false;

  constructor(name: string, around: Surroundings) {
    const { world, broker, group, database, definitions, defect } = around;
    this.#around = around;
    this.process = new SimulatedProcess(name, world);
    const { process } = this;
    const { clock } = process;
    world.note(() => `${name} starts`);
    const tables = defect.tables(database.tablesOf(process), process.clock);
    const bus = broker.busOf(process);
    const backlog = new Backlog(around.mostUnacknowledgedBytes);
    const publisher = defect.publisher(new Publisher(bus, backlog, logger, clock));
    const states = new WorkflowStates();
    const tenants = new TenantSettings(unsetTenants, clock.elapsed);
    definitions.follow(process, states);
    const committer = defect.committer(new Committer(tables, logger, clock), clock);
    const ownStore = new InstanceStore({ clock, tables, committer, publisher, codec: passThroughCodec, states, tenants, logger });
    const store = defect.store(ownStore, tables, clock);
    const engine: Engine = {
      clock,
      store,
      connected: { effects: this.#effects(new Publisher(bus, backlog, logger, clock)), hostOf },
      states,
      tenants,
      allowances: { take: async () => ({ kind: 'granted', giveBack: () => {} }) },
      turns: new Turns(around.caps, clock),
      backlog,
      stopping: this.#stopping.signal,
      detached: new Set(),
      logger,
    };
    const versions = new VersionCache(tables);
    this.#dispatcher = new Dispatcher({ engine, bus, codec: passThroughCodec, tables, versions, rate: new StartRate(0), logger });
    this.#consumer = new SimulatedConsumer({
      world,
      broker,
      group,
      process,
      onRecords: (records) => this.#dispatcher.take(records.map((record) => defect.received(this.#watched(record)))),
      onRevoked: () => around.interrupt(process),
    });
  }

  get isRunning(): boolean {
    return this.process.status === 'running' && !this.#stopping.signal.aborted;
  }

  crash(): void {
    this.#around.world.note(() => `${this.process.name} is killed`);
    this.#around.interrupt(this.process);
    this.process.kill();
  }

  pause(): void {
    this.#around.world.note(() => `${this.process.name} stands still`);
    this.#around.interrupt(this.process);
    this.#hasStoodStill = true;
    this.process.pause();
  }

  resume(): void {
    if (this.process.status !== 'paused') return;
    this.#around.world.note(() => `${this.process.name} goes on`);
    this.#around.interrupt(this.process);
    this.process.resume();
  }

  /** As at SIGTERM. */
  stop(): void {
    const { world } = this.#around;
    world.note(() => `${this.process.name} is to stop`);
    this.process.enter(() => {
      this.#stopping.abort();
      void this.#dispatcher.drain().then(() => {
        this.#consumer.stop();
        world.note(() => `${this.process.name} has stopped`);
        this.process.kill();
      });
      this.process.clock.after(stopWithinMs, () => {
        if (world.areServersWell && !this.#hasStoodStill) world.break('P16', `${this.process.name} has not stopped in time`);
        this.crash();
      });
    });
  }

  #watched(record: InRecord): InRecord {
    const done = () => {
      if (!record.assignment.isRevoked()) this.#around.done(record);
      record.done();
    };
    return { ...record, done };
  }

  #effects(publisher: Publisher): Effects {
    const { effects, defect } = this.#around;
    const crm = { publisher, codec: passThroughCodec };
    const through = (effect: Effect<never>) => defect.effect(effects.through(this.process, effect));
    return {
      http_request: defect.effect(effects.worldOf(this.process)),
      add_tag: through(addTag(crm)),
      emit_event: through(emitEvent(crm)),
    } as unknown as Effects;
  }
}

function hostOf(_type: string, input: Record<string, unknown>): string | null {
  return typeof input.url === 'string' ? new URL(input.url).host : null;
}
