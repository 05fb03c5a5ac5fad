import { findDeadLetters, insertDeadLetters } from '@millrace/db';
import { createInstallation, type Installation, runTool } from '@millrace/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation('dead-letters-tool');
});
afterAll(() => installation[Symbol.asyncDispose]());

const run = (args: readonly string[], env: Record<string, string> = {}) => runTool('dead-letters', args, { ...installation.env, ...env });

/** As the table has them, in the order in which they were inserted. */
const lettersOf = (tenantId: string) =>
  findDeadLetters(installation.database.pool, { tenantId }, { order: 'origin', after: null, lastId: Number.MAX_SAFE_INTEGER, limit: 100 });

/** Letters that no service has given up: what is done with them is what counts. */
async function insertLetters(tenantId: string, overrides: Partial<Parameters<typeof insertDeadLetters>[1][number]>[]): Promise<void> {
  await insertDeadLetters(
    installation.database.pool,
    overrides.map((row, index) => ({
      tenantId,
      originTopic: 'crm.commands',
      originPartition: 1,
      originOffset: index,
      reason: 'undecodable',
      message: 'Expected \u001b[2J magic',
      service: 'crm',
      key: Buffer.from(tenantId),
      value: Buffer.from('value'),
      headers: [],
      deadLetteredAtMs: Date.now() - 60_000,
      ...row,
    })),
  );
}

test('what is discarded waits no longer; what was replayed stays so', async () => {
  await insertLetters('initech', [{ reason: 'event_invalid' }, {}, {}]);
  const ids = (await lettersOf('initech')).map(({ id }) => String(id)) as [string, string, string];
  expect(await run(['replay', ids[0]])).toMatchObject({ code: 0, stderr: '' });

  const discarded = await run(['discard', '--tenant', 'initech', '--reason', 'undecodable']);
  expect(discarded).toEqual({ code: 0, stderr: '', stdout: '2 discarded.\n' });
  const { stdout } = await run(['discard', ids[0], ids[1]]);
  expect(stdout).toContain(`left as it was: ${ids[0]} is replayed`);
  expect(stdout).toContain(`left as it was: ${ids[1]} is discarded`);
  expect(stdout).toContain('0 discarded.');
  expect((await lettersOf('initech')).map(({ state }) => state)).toEqual(['replayed', 'discarded', 'discarded']);

  await run(['replay', ids[2], '--json']);
  expect((await lettersOf('initech'))[2]).toMatchObject({ state: 'replayed', replays: 1 });
});

test('a list for people has a row a letter, no control characters, and nothing that no longer waits', async () => {
  await insertLetters('hooli', [{ originPartition: 2, originOffset: 41, value: null }, { originPartition: 2 }]);
  const [second, first] = (await lettersOf('hooli')).map(({ id }) => String(id)) as [string, string];
  await run(['discard', second]);
  const { stdout } = await run(['list', '--tenant', 'hooli']);
  expect(stdout).toMatch(/^ID +SINCE +STATE +ORIGIN +TENANT +REASON +BYTES +MESSAGE\n/);
  expect(stdout).toMatch(/waiting +crm\.commands\/2\/41 +hooli +undecodable +– +Expected ·\[2J magic\n/);
  expect(stdout).toContain('1 in all.');
  const shown = await run(['show', first]);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toContain('value     none: a tombstone');
  expect((await run(['list', '--tenant', 'nobody'])).stdout).toBe('There is no such dead letter.\n');
});

test('a letter without an origin can’t be replayed, and keeps no other from it', async () => {
  await insertLetters('umbrella', [
    { originTopic: 'crm.commands.dead-letter', reason: 'unlabelled' },
    { originTopic: 'crm.commands', originPartition: 3 },
  ]);
  const { code, stdout } = await run(['replay', '--tenant', 'umbrella']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/not replayed: \d+: Expected the record's headers to say which topic it comes from/);
  expect(stdout).toContain('1 replayed (1 to crm.commands), 1 not.');
  expect(await lettersOf('umbrella')).toMatchObject([{ state: 'replayed' }, { reason: 'unlabelled', state: 'waiting' }]);
});

test.each(['show', 'replay', 'discard'])('%s says which ids there are not', async (command) => {
  const { code, stdout } = await run([command, '999999']);
  expect(code).toBe(1);
  expect(stdout).toContain('999999: there is no such dead letter');
});

test('bad options are an error that names them, with the usage', async () => {
  const { code, stdout, stderr } = await run(['list', '--older-than', 'yesterday']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Expected --older-than to be an age such as 90s, 15m, 2h or 7d, but got yesterday');
  expect(stderr).toContain('Usage: npm run dead-letters');
});

test('while Kafka or the database is away nothing is marked, and it says so', async () => {
  await insertLetters('stark', [{ originPartition: 4 }]);
  const withoutKafka = await run(['replay', '--tenant', 'stark'], { KAFKA_BROKERS: '127.0.0.1:1' });
  expect(withoutKafka.code).toBe(1);
  expect(withoutKafka.stdout).toContain('0 replayed, 1 not.');
  expect(withoutKafka.stdout).toContain('Expected Kafka to answer');
  expect(await lettersOf('stark')).toMatchObject([{ state: 'waiting', replays: 0 }]);

  const withoutDatabase = await run(['list'], { DATABASE_URL: 'mysql://a:b@127.0.0.1:1/none' });
  expect(withoutDatabase).toEqual({
    code: 1,
    stdout: '',
    stderr: 'dead-letters: Expected an answer from the database, but got ECONNREFUSED\n',
  });
});
