import { expect, test } from 'vitest';
import { type Caller, Turns, turnBackoffMs } from './turns.ts';

const acme = (host: string | null = null): Caller => ({ tenantId: 'acme', mostOfTenant: null, host });
const globex = (host: string | null = null): Caller => ({ tenantId: 'globex', mostOfTenant: null, host });
const longMs = 60_000;
const never = new AbortController().signal;

/** Takes so many turns, all of which there is room for. */
function fill(turns: Turns, caller: Caller, times: number) {
  return Array.from({ length: times }, () => {
    const turn = turns.take(caller);
    if (turn === null) throw new Error('Expected room, but there is none');
    return turn;
  });
}

test('what is over the cap of its tenant waits until a turn is given back', async () => {
  const turns = new Turns({ tenant: 1, host: 100 });
  const [first] = fill(turns, acme(), 1);
  const second = turns.wait(acme(), longMs, never);
  first?.release();
  expect(await second).not.toBeNull();
});

test('without room in time the answer is no, and nothing is taken', async () => {
  const turns = new Turns({ tenant: 1, host: 100 });
  const [first] = fill(turns, acme(), 1);
  expect(await turns.wait(acme(), 1, never)).toBeNull();
  first?.release();
  expect(turns.take(acme())).not.toBeNull();
  expect(turns.take(acme())).toBeNull();
});

test('one tenant does not wait for another, nor one host for another', () => {
  const turns = new Turns({ tenant: 1, host: 1 });
  fill(turns, acme('slow.example'), 1);
  expect(turns.take(globex('slow.example'))).toBeNull();
  expect(turns.take(globex('quick.example'))).not.toBeNull();
});

test('what waits for a slow host takes no room of its tenant', () => {
  const turns = new Turns({ tenant: 3, host: 2 });
  fill(turns, acme('slow.example'), 2);
  void turns.wait(acme('slow.example'), longMs, never);
  expect([turns.running, turns.waiting]).toEqual([2, 1]);
  expect(turns.take(acme('quick.example'))).not.toBeNull();
});

test('what waits for its busy tenant takes no room of the host', () => {
  const turns = new Turns({ tenant: 1, host: 2 });
  fill(turns, acme('shared.example'), 1);
  void turns.wait(acme('shared.example'), longMs, never);
  expect(turns.take(globex('shared.example'))).not.toBeNull();
});

test('turns are served in the order of arrival, passing over those without room', async () => {
  const turns = new Turns({ tenant: 3, host: 1 });
  const [slow] = fill(turns, acme('slow.example'), 1);
  const [quick] = fill(turns, acme('quick.example'), 1);
  const served: string[] = [];
  const waiting = ['slow.example', 'quick.example', 'quick.example'].map((host, index) =>
    turns.wait(acme(host), longMs, never).then((turn) => {
      served.push(`${index} ${host}`);
      return turn;
    }),
  );
  quick?.release();
  (await waiting[1])?.release();
  await waiting[2];
  slow?.release();
  await waiting[0];
  expect(served).toEqual(['1 quick.example', '2 quick.example', '0 slow.example']);
});

test('a host may have a cap of its own', () => {
  const turns = new Turns({ tenant: 10, host: 5, byHost: new Map([['mail.example', 1]]) });
  fill(turns, acme('mail.example'), 1);
  expect(turns.take(globex('mail.example'))).toBeNull();
});

test('a tenant may have set a number of its own, from its next call on', async () => {
  const turns = new Turns({ tenant: 2, host: 10 });
  const [first] = fill(turns, acme(), 2);
  expect(turns.take({ ...acme(), mostOfTenant: 3 })).not.toBeNull();
  first?.release();
  expect(turns.take({ ...acme(), mostOfTenant: 1 })).toBeNull();
  expect(turns.take({ ...globex(), mostOfTenant: 0 })).toBeNull();
});

test('a turn given back twice gives its room back once', () => {
  const turns = new Turns({ tenant: 2, host: 5 });
  const [first] = fill(turns, acme(), 2);
  first?.release();
  first?.release();
  expect(turns.take(acme())).not.toBeNull();
  expect(turns.take(acme())).toBeNull();
});

test('no more wait of one tenant than may, nor of all: the next is answered at once, another tenant waits', async () => {
  const turns = new Turns({ tenant: 9, host: 1, waiting: { tenant: 2, all: 3 } });
  const [slow] = fill(turns, acme('slow.example'), 1);
  const waiting = [turns.wait(acme('slow.example'), longMs, never), turns.wait(acme('slow.example'), longMs, never)];
  expect(await turns.wait(acme('slow.example'), longMs, never)).toBeNull();
  const other = turns.wait(globex('slow.example'), longMs, never);
  expect(await turns.wait(globex('slow.example'), longMs, never)).toBeNull();
  expect([turns.waiting, turns.waitingOf('acme'), turns.waitingOf('globex')]).toEqual([3, 2, 1]);
  slow?.release();
  (await waiting[0])?.release();
  (await other)?.release();
  expect(await waiting[1]).not.toBeNull();
  expect([turns.waiting, turns.waitingOf('acme')]).toEqual([0, 0]);
});

test('a tenant whose calls crowd a host keeps no other from it', async () => {
  const turns = new Turns({ tenant: 9, host: 1 });
  const [first] = fill(turns, acme('mail.example'), 1);
  const served: string[] = [];
  const wait = (caller: Caller, name: string) =>
    turns.wait(caller, longMs, never).then((turn) => {
      served.push(name);
      turn?.release();
    });
  const crowd = Array.from({ length: 50 }, (_, index) => wait(acme('mail.example'), `acme-${index}`));
  const other = wait(globex('mail.example'), 'globex');
  first?.release();
  await Promise.all([...crowd, other]);
  expect(served.slice(0, 3)).toEqual(['acme-0', 'globex', 'acme-1']);
  expect(served).toHaveLength(51);
});

test('a wait that is aborted ends without a turn, and the next is served', async () => {
  const turns = new Turns({ tenant: 1, host: 9 });
  const [first] = fill(turns, acme(), 1);
  const interrupt = new AbortController();
  const interrupted = turns.wait(acme(), longMs, interrupt.signal);
  const next = turns.wait(acme(), longMs, never);
  interrupt.abort();
  expect(await interrupted).toBeNull();
  first?.release();
  expect(await next).not.toBeNull();
});

test('each that begins to wait is told of', () => {
  const turns = new Turns({ tenant: 1, host: 9 });
  let told = 0;
  turns.onWaiting(() => {
    told += 1;
  });
  fill(turns, acme(), 1);
  void turns.wait(globex(), longMs, never);
  void turns.wait(acme(), longMs, never);
  expect(told).toBe(1);
});

test.each([
  [0, 0, 1_000],
  [0, 1, 5_000],
  [8_000, 0, 2_000],
  [8_000, 1, 6_000],
  [86_400_000, 0, 30_000],
])('who has waited for %i ms in vain asks again later: by a draw of %f after %i ms', (waitedMs, random, backoffMs) => {
  expect(turnBackoffMs(waitedMs, random)).toBe(backoffMs);
});
