import { topics } from '@millrace/messages';
import { findLogFaults, readTopic, useMillrace } from '@millrace/testing';
import { actionTypes } from '@millrace/workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionJourneys } from './catalogue/action-journeys.ts';
import { controlJourneys } from './catalogue/control-journeys.ts';
import { failureJourneys } from './catalogue/failure-journeys.ts';
import { flowJourneys } from './catalogue/flow-journeys.ts';
import { type Journey, Underway } from './catalogue/journey.ts';
import { startWorld, type World } from './catalogue/world.ts';

const catalogue: Record<string, Journey[]> = {
  'an action': actionJourneys,
  'a flow action': flowJourneys,
  'a failure': failureJourneys,
  'a control': controlJourneys,
};
const journeys = Object.values(catalogue).flat();

const resources = new AsyncDisposableStack();
let world: World;
beforeAll(async () => {
  world = resources.use(await startWorld());
});
const millrace = useMillrace('catalogue', () => ({
  env: { HTTP_ALLOWED_ORIGINS: world.origin, SECRETS_KEY: Buffer.alloc(32, 5).toString('base64') },
}));
const underway = new Map<Journey, Underway>();

// Every journey has a tenant of its own; all are begun together, and go on beside each other.
beforeAll(async () => {
  const commands = resources.use(await readTopic(millrace().installation, topics.crmCommands));
  const stage = { millrace: millrace(), world, commands };
  for (const [index, journey] of journeys.entries()) underway.set(journey, new Underway(journey, `tenant-${index}`, stage));
  await Promise.all([...underway.values()].map((each) => each.prepare()));
  await millrace().definitionsApplied();
  await millrace().crm.publish([...underway.values()].map((each) => each.event()));
  for (const each of underway.values()) each.begin();
}, 60_000);
afterAll(() => resources.disposeAsync());

describe.each(Object.entries(catalogue))('%s', (_, ofKind) => {
  test.concurrent.each(ofKind)('$name', async (journey) => {
    const own = underway.get(journey) as Underway;
    await own.over();
    expect(await own.log()).toEqual(journey.log);
    await journey.check?.(own);
  });
});

test('there is a journey for every action type', () => {
  const types = journeys.flatMap(({ actions }) => {
    const setting = { tenantId: '', api: {} as never, world, ids: {} };
    return actions(setting).map((action) => (action as { action_type: string }).action_type);
  });
  expect([...new Set(types)].sort()).toEqual(Object.keys(actionTypes).sort());
});

test('the log tables hold each transition of each journey once', async () => {
  await millrace().drained();
  expect(await findLogFaults(millrace().installation)).toEqual([]);
});
