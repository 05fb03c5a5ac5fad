import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const env = { DATABASE_URL: 'mysql://millrace:millrace@127.0.0.1:13306/millrace' };

test('defaults need only the database', () => {
  expect(readConfig(env)).toMatchObject({ HEALTH_PORT: 9_104, POLL_MS: 500, MAX_DUE: 3_000, SWEEP_AFTER_MS: 180_000 });
});

test('every fault is named at once', () => {
  const read = () => readConfig({ POLL_MS: '1', MAX_DUE: 'many', SWEEP_AFTER_MS: '0' });
  for (const name of ['DATABASE_URL', 'POLL_MS', 'MAX_DUE', 'SWEEP_AFTER_MS']) expect(read).toThrow(name);
});
