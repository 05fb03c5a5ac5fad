import { randomBytes } from 'node:crypto';
import type { InRecord } from '@millrace/bus';
import { findInstances, findWorkflowVersion, insertInstances, updateInstances } from '@millrace/db';
import { topics } from '@millrace/messages';
import { attempt, prepare } from '../../../../services/executor/src/attempt.ts';
import { systemClock } from '../../../../services/executor/src/clock.ts';
import { addTag } from '../../../../services/executor/src/effects/add-tag.ts';
import type { CrmEffects } from '../../../../services/executor/src/effects/crm-command.ts';
import type { Effects } from '../../../../services/executor/src/effects/index.ts';
import { createDraft, createInput, startOf } from '../../../../services/executor/src/input.ts';
import { decideStart, type Start } from '../../../../services/executor/src/instance/decide-input.ts';
import { decideStep } from '../../../../services/executor/src/instance/decide-step.ts';
import { Draft } from '../../../../services/executor/src/instance/draft.ts';
import { createLogRecords } from '../../../../services/executor/src/log-records.ts';
import { type CompiledAction, type CompiledVersion, VersionCache } from '../../../../services/executor/src/version-cache.ts';
import { type Parts, runOneAtATime } from './one-at-a-time.ts';

const writer = randomBytes(16).toString('hex');

// The engine's own decisions, rendering and journal; each transition is a statement, a transaction and a log record of its own.
await runOneAtATime('executor', topics.workflowCommands, async (parts) => {
  const { bus, codec, database } = parts;
  const { pool } = database;
  const versions = new VersionCache({ findWorkflowVersion: (id, version) => findWorkflowVersion(pool, id, version) });
  const publisher = { publish: (record) => bus.publish([record]) } as CrmEffects['publisher'];
  const effects = { add_tag: addTag({ publisher, codec }) } as Partial<Effects> as Effects;

  return async (record) => {
    const draft = await loadDraft(parts, record);
    const { workflowId, workflowVersion } = draft.row;
    const version = (await versions.get(workflowId as number, workflowVersion as number)) as CompiledVersion;
    if (draft.hasChanges) await save(parts, draft, version);
    for (;;) {
      const step = decideStep(draft.state, version.version, Date.now());
      if (step.kind === 'ended') return;
      if (step.kind === 'wait') throw new Error('Expected W to wait for nothing');
      if (step.kind === 'record') draft.add(step.entries);
      else {
        const action = version.actionById.get(step.attempt.action.id) as CompiledAction;
        const prepared = prepare(draft, version, action, step.nowMs);
        const outcome = prepared.kind === 'call' ? await attempt(draft, prepared, effects, undefined, systemClock) : prepared;
        draft.record(version.version.actions, step.attempt, outcome, Date.now(), Math.random());
      }
      await save(parts, draft, version);
    }
  };
});

/** The instance as it is in the table, or begun by the command. */
async function loadDraft({ codec, database }: Parts, record: InRecord): Promise<Draft> {
  const input = createInput(record, await codec.decode(topics.workflowCommands, record.value));
  const known = (await findInstances(database.pool, [input.instanceId])).get(input.instanceId);
  if (known !== undefined) return Draft.of(known);
  const start = startOf(input, null) as Start;
  const draft = createDraft(input, start, Date.now());
  draft.add(decideStart(draft.state, start, Date.now()));
  return draft;
}

async function save({ bus, codec, database: { pool } }: Parts, draft: Draft, { version }: CompiledVersion): Promise<void> {
  const { row, expectedRowVersion, journalTail } = draft.change(version, null);
  const { seq } = draft.state;
  const written =
    expectedRowVersion === null
      ? await insertInstances(pool, [row], writer)
      : await updateInstances(pool, [{ row, journalTail }], writer, Date.now());
  if (written !== 1) throw new Error(`Expected to write instance ${row.id}, but somebody else did`);
  draft.committed(row, seq);
  for (const entry of draft.unsent()) await bus.publish(await createLogRecords(codec, row, [entry], undefined));
  draft.sentSeq = seq;
  draft.acknowledgedSeq = seq;
}
