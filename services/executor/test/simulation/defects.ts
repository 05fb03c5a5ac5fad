import type { InRecord } from '@millrace/bus';
import type { InstanceRow } from '@millrace/db';
import type { Clock } from '../../src/clock.ts';
import type { Committer } from '../../src/committer.ts';
import type { Call, Effect } from '../../src/effects/effect.ts';
import type { InstanceStore } from '../../src/instance-store.ts';
import type { Publisher } from '../../src/publisher.ts';
import type { Tables } from '../../src/tables.ts';

/** A protocol that was broken on purpose, by what stands between the engine and its surroundings. */
export interface Defect {
  tables(tables: Tables, clock: Clock): Tables;
  received(record: InRecord): InRecord;
  effect(effect: Effect): Effect;
  publisher(publisher: Publisher): Publisher;
  committer(committer: Committer, clock: Clock): Committer;
  store(store: InstanceStore, tables: Tables, clock: Clock): InstanceStore;
}

const same = <T>(value: T): T => value;

/** The protocol as it is. */
export const noDefect: Defect = { tables: same, received: same, effect: same, publisher: same, committer: same, store: same };

/** The same object with some of its methods replaced; the others run on the object itself, for the sake of its private fields. */
function replacing<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      const own = (methods as Record<PropertyKey, unknown>)[name];
      if (own !== undefined) return own;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const onTables = (methods: (tables: Tables, clock: Clock) => Partial<Tables>): Partial<Defect> => ({
  tables: (tables, clock) => ({ ...tables, ...methods(tables, clock) }),
});
const onStore = (methods: (store: InstanceStore, tables: Tables, clock: Clock) => Partial<InstanceStore>): Partial<Defect> => ({
  store: (store, tables, clock) => replacing(store, methods(store, tables, clock)),
});
const onFoundRows = (change: (row: InstanceRow) => InstanceRow) =>
  onTables((tables) => ({
    findInstances: async (ids) => new Map([...(await tables.findInstances(ids))].map(([id, row]) => [id, change(row)])),
  }));
const withAssignment = (record: InRecord, change: Partial<InRecord['assignment']>): InRecord => ({
  ...record,
  assignment: { ...record.assignment, ...change },
});
const lastSeqOf = ({ journal }: InstanceRow): number => (JSON.parse(journal) as unknown[]).length;

const broken: Record<string, Partial<Defect>> = {
  'an input is acknowledged before its commit': {
    received(record) {
      record.done();
      return record;
    },
  },
  'an input is acknowledged before its entries are': {
    publisher: (publisher) =>
      replacing(publisher, {
        async publish(record) {
          void publisher.publish(record).catch(() => undefined);
        },
      }),
  },
  'a commit does not compare': onTables((tables) => ({
    async updateInstances(updates, writer, nowMs) {
      const rows = await tables.findInstances(updates.map(({ row }) => row.id));
      const anyway = updates.map((update) => ({
        ...update,
        row: { ...update.row, rowVersion: (rows.get(update.row.id)?.rowVersion ?? 0) + 1 },
      }));
      return tables.updateInstances(anyway, writer, nowMs);
    },
  })),
  'what is above published_seq is not published again': onFoundRows((row) => ({ ...row, publishedSeq: lastSeqOf(row) })),
  'the number of the attempt is part of the action key': {
    effect: (effect) => {
      const attempts = new Map<string, number>();
      return (call: Call) => {
        const attempt = (attempts.get(call.actionKey) ?? 0) + 1;
        attempts.set(call.actionKey, attempt);
        return effect({ ...call, actionKey: attempt === 1 ? call.actionKey : `${call.actionKey}#${attempt}` });
      };
    },
  },
  'an outcome is dropped whose compare was lost': onStore(() => ({ async recordOutcome() {} })),
  'an input that may not go on takes wake_at away': onStore((store, tables, clock) => ({
    async republish(draft, traceparent) {
      await store.republish(draft, traceparent);
      const { row } = draft;
      if (row.status !== 'running') return;
      const taken = { ...row, rowVersion: row.rowVersion + 1, wakeAtMs: null, waitingFor: null };
      await tables.updateInstances([{ row: taken, journalTail: ']' }], '0'.repeat(32), clock.now()).catch(() => 0);
    },
  })),
  'an event is delivered before the starts before it are durable': onStore(() => ({ async settled() {} })),
  'an event finds one of those that wait for it': onTables((tables) => ({
    findSubscribers: async (key) => (await tables.findSubscribers(key)).slice(0, 1),
  })),
  'what an inbox has used is forgotten': onFoundRows((row) => ({
    ...row,
    journal: row.journal.replaceAll('"output":{"event":{"event_id":"', '"output":{"event":{"event_id":"x-'),
  })),
  'actions start after the partitions were given up': { received: (record) => withAssignment(record, { isCurrent: () => true }) },
  'a commit that may have been made is taken for lost': onTables((tables) => ({
    findWriters: async (ids) => new Map([...(await tables.findWriters(ids))].map(([id]) => [id, null])),
  })),
  'a commit that was lost is taken for made': onTables((tables) => {
    let last = '';
    return {
      insertInstances(rows, writer) {
        last = writer;
        return tables.insertInstances(rows, writer);
      },
      findWriters: async (ids) => new Map([...(await tables.findWriters(ids))].map(([id]) => [id, last])),
    };
  }),
  'instances of an entity are created in any order': {
    committer: (committer, clock) =>
      replacing(committer, {
        async commit(change) {
          if (change.expectedRowVersion === null) await clock.sleep(clock.random() * 50);
          return committer.commit(change);
        },
      }),
  },
  'the intent of a call that is made once is not durable before it': onStore((store) => ({
    commit: (draft, version, parking) => {
      const isIntent = parking === null && draft.journal.at(-1)?.type === 'action_started';
      return isIntent ? Promise.resolve('won') : store.commit(draft, version, parking);
    },
  })),
  'an instance is parked without wake_at': onTables((tables) => ({
    updateInstances: (updates, writer, nowMs) =>
      tables.updateInstances(
        updates.map((update) => ({
          ...update,
          row: { ...update.row, wakeAtMs: update.row.status === 'running' ? null : update.row.wakeAtMs },
        })),
        writer,
        nowMs,
      ),
  })),
};

export const defects: ReadonlyMap<string, Defect> = new Map(
  Object.entries(broken).map(([name, defect]) => [name, { ...noDefect, ...defect }]),
);
