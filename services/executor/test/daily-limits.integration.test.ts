import type { ActionOverrides } from '@millrace/testing';
import { eventually } from '@millrace/testing';
import { afterAll, expect, test } from 'vitest';
import { useExecutor } from './executor-under-test.ts';
import { startHttpServer } from './http-server.ts';
import { type MailServer, startMailServer } from './smtp-server.ts';

const servers = new AsyncDisposableStack();
afterAll(() => servers.disposeAsync());
let mail: MailServer;
const smsAnswers: number[] = [];
let texts = 0;

const under = useExecutor('executor-daily-limits', async () => {
  mail = servers.use(await startMailServer());
  const sms = servers.use(
    await startHttpServer((response) => {
      const status = smsAnswers.shift() ?? 201;
      if (status === 201) texts += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ sid: 'SM1' }));
    }),
  );
  return { SMTP_URL: mail.url, SMS_API_URL: sms.origin };
});

const setLimits = (tenantId: string, limits: object, timezone = 'UTC') =>
  under().installation.database.pool.query(
    `INSERT INTO tenant_settings (tenant_id, timezone, senders, redaction, limits, version, created_at, updated_at) VALUES (?, ?, '[]', '{}', ?, 1, now(3), now(3))
     ON DUPLICATE KEY UPDATE limits = VALUES(limits)`,
    [tenantId, timezone, JSON.stringify(limits)],
  );
const send = (subject: string): ActionOverrides => ({
  action_type: 'send_email',
  action_config: { to: 'ada@example.com', subject, text: 'x' },
});
const text: ActionOverrides = { action_type: 'send_sms', action_config: { to: '+491701234567', body: 'x' } };
const mailsWith = (subject: string) => mail.mails.filter(({ headers }) => headers.includes(`Subject: ${subject}`));

test('a mail beyond the day’s limit waits without an attempt, and is sent once there is room', async () => {
  const version = await under().workflow([send('first'), send('second')]);
  await setLimits(version.tenant_id, { emails_per_day: 1 }, 'Asia/Kolkata');
  const id = await under().start(version);
  const parked = await under().rowWhen(id, { waitingFor: 'turn', status: 'running' });
  expect(parked.journal).not.toContain('attempt_failed');
  expect(parked.wakeAtMs).toBeGreaterThan(Date.now());
  expect(parked.wakeAtMs).toBeLessThanOrEqual(Date.now() + 3_600_000);
  expect(mailsWith('second')).toEqual([]);

  await setLimits(version.tenant_id, { emails_per_day: 2 });
  const goneOn = async () => {
    await under().resume(id);
    expect((await under().row(id))?.status).toBe('completed');
  };
  await eventually(goneOn, { timeoutMs: 20_000, everyMs: 250 });
  expect(mailsWith('first')).toHaveLength(1);
  expect(mailsWith('second')).toHaveLength(1);
  const entries = await under().entriesUntil(id, 'instance_completed');
  expect(entries.filter(({ type }) => type === 'action_completed').map(({ attempt }) => attempt)).toEqual([1, 1]);
});

test('a start that is delivered again while it waits changes nothing', async () => {
  const version = await under().workflow([send('waits')]);
  await setLimits(version.tenant_id, { emails_per_day: 0 });
  const id = await under().start(version, { event_id: 'twice' });
  const parked = await under().rowWhen(id, { waitingFor: 'turn' });
  await under().start(version, { event_id: 'twice' });
  await under().drained();
  expect(await under().row(id)).toEqual(parked);
  expect(mailsWith('waits')).toEqual([]);
});

test('other actions and other tenants go on meanwhile', async () => {
  const [full, other] = [await under().workflow([send('full'), text]), await under().workflow([send('other'), text])];
  await setLimits(full.tenant_id, { emails_per_day: 0 });
  const waiting = await under().start(full);
  await under().rowWhen(waiting, { waitingFor: 'turn' });
  const going = await under().start(other);
  await under().rowWhen(going, { status: 'completed' });
  const only = await under().start(await under().workflow([text], { tenant_id: full.tenant_id }));
  await under().rowWhen(only, { status: 'completed' });
});

test('a text that the provider refused takes nothing from the day', async () => {
  const version = await under().workflow([{ ...text, on_error: 'continue' }, text]);
  await setLimits(version.tenant_id, { texts_per_day: 1 });
  smsAnswers.push(400);
  const before = texts;
  const id = await under().start(version);
  await under().rowWhen(id, { status: 'completed', failedActions: 1 });
  expect(texts).toBe(before + 1);
});
