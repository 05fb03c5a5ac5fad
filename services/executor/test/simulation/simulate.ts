import { type ExecutionLog, topics } from '@millrace/messages';
import { messageOf, SimulatedBroker } from './broker.ts';
import { checkEnd, isAtRest, type Simulated } from './check.ts';
import { SimulatedDatabase } from './database.ts';
import { type Defect, noDefect } from './defects.ts';
import { Definitions } from './definitions.ts';
import { SimulatedEffects } from './effects.ts';
import { SimulatedGroup } from './group.ts';
import { Nemesis } from './nemesis.ts';
import { SimulatedScheduler } from './scheduler.ts';
import { Traffic } from './traffic.ts';
import { Watch } from './watch.ts';
import { definitions as mostDefinitions } from './workflows.ts';
import { type Violation, World } from './world.ts';

/** How long after the faults everything has to have come to rest. */
const restWithinMs = 30 * 60_000;

export interface Result {
  seed: number;
  violations: readonly Violation[];
  /** Lines of what happened, where it was asked for. */
  trace: readonly string[];
  instances: number;
  calls: number;
}

export interface SimulationOptions {
  defect?: Defect;
  isTraced?: boolean;
}

/**
 * Runs one seed: executors with the service's own code, on a simulated clock, broker, database and world. The same seed does the same. It ends
 * once everything has come to rest after the last fault, or at the first promise that is broken.
 */
export async function simulate(seed: number, { defect = noDefect, isTraced = false }: SimulationOptions = {}): Promise<Result> {
  const world = new World(seed, isTraced);
  const { random, time } = world;
  const broker = new SimulatedBroker(world);
  const group = new SimulatedGroup(world);
  const database = new SimulatedDatabase(world);
  const effects = new SimulatedEffects(world);
  const definitions = new Definitions(world, database);
  for (let id = 1, last = random.between(1, 4); id <= last; id += 1) {
    const reEntry = random.chance(0.9) ? 'always' : random.pick(['once', 'while_inactive'] as const);
    const startedBy = id > 1 && random.chance(0.2) ? 'lead.won' : `started-${id}`;
    definitions.create(id, startedBy, random.between(0, mostDefinitions - 1), reEntry);
  }
  const published: ExecutionLog[] = [];
  broker.onAppended(topics.executionLog.name, ({ value }) => published.push(messageOf(value) as ExecutionLog));
  const watch = new Watch({ world, broker, database, definitions, group, effects });
  new SimulatedScheduler(world, broker, database, (row) => watch.swept(row));
  const traffic = new Traffic(world, broker, database, definitions);
  const nemesis = new Nemesis({
    world,
    broker,
    group,
    database,
    effects,
    definitions,
    defect,
    caps: random.chance(0.15) ? { tenant: 2, host: 1 } : { tenant: 200, host: 100 },
    mostUnacknowledgedBytes: random.chance(0.15) ? 2_000 : 32 * 1024 * 1024,
    interrupt: (process) => watch.interrupt(process),
    done: (record) => watch.done(record),
  });
  const all: Simulated = { world, broker, group, database, effects, definitions, traffic, watch, published };

  let isOver = false;
  const restLater = () => {
    isOver = isAtRest(all);
    if (!isOver) time.after(1_000, restLater);
  };
  time.after(traffic.untilMs - world.nowMs, () => {
    world.endFaults();
    nemesis.heal();
    time.after(5_000, restLater);
    time.after(restWithinMs, () => {
      isOver = true;
    });
  });
  await time.run(() => isOver || world.violations.length > 0);
  if (world.violations.length === 0) checkEnd(all);
  return { seed, violations: world.violations, trace: world.trace, instances: database.rows.size, calls: effects.calls.length };
}
